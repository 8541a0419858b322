/** One thing to download. */
export interface DownloadItem {
  /** What the user knows it by: a country code or the name of the file. */
  readonly label: string;
  /** Without user name and password: it is shown and recorded. */
  readonly url: string;
  /** `name:password`, for the host of the URL only. */
  readonly credentials?: string | undefined;
  /** Path in the folder, with `/`; safe to use. Undefined if `nameUrl` tells it. */
  readonly fileName?: string | undefined;
  /** Where the metadata of a country is, whose name becomes that of the file. */
  readonly nameUrl?: string | undefined;
  /** What the file must be. Default: anything. */
  readonly expected?: 'GIF' | undefined;
  /** Algorithm and hexadecimal digest: `sha256:9f86…`. */
  readonly checksum?: string | undefined;
}

/** A line of a list that makes no sense. */
export interface BadLine {
  /** Its number: `line 7`. */
  readonly label: string;
  /** For the user, without the number. */
  readonly problem: string;
}

export type ListEntry = DownloadItem | BadLine;
