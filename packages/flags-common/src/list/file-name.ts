/** File systems take names of 255 bytes; a suffix must still fit. */
const MAX_NAME_BYTES = 200;

/** Windows keeps these for devices, with any extension. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/**
 * A name that every file system takes. What some of them refuse is replaced, path
 * separators among them, so that nothing leaves the folder.
 */
export function safeFileName(name: string): string {
  const safe = name
    .replace(/[<>:"/\\|?*\p{Cc}\p{Bidi_Control}]/gu, '_')
    .replace(/^\.+|[. ]+$/g, '_')
    .replace(DEVICE, '_$&');
  return safe === '' ? '_' : shorten(safe);
}

/** The name under which a URL is saved: the last part of its path, without the query. */
export function fileNameOf(url: URL): string {
  const last = url.pathname.slice(url.pathname.lastIndexOf('/') + 1);
  return last === '' ? 'index.html' : safeFileName(decoded(last));
}

/** `flag.gif` and `3f2a` make `flag-3f2a.gif`. */
export function withSuffix(name: string, suffix: string): string {
  const { stem, extension } = split(name);
  return `${stem}-${suffix}${extension}`;
}

/** Percent-decoded if that is possible. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function shorten(name: string): string {
  if (Buffer.byteLength(name) <= MAX_NAME_BYTES) return name;
  const { stem, extension } = split(name);
  const room = MAX_NAME_BYTES - Buffer.byteLength(extension);
  let kept = '';
  let bytes = 0;
  for (const character of stem) {
    bytes += Buffer.byteLength(character);
    if (bytes > room) break;
    kept += character;
  }
  return kept + extension;
}

/** An extension is short; the rest after the last dot of a long name may not be. */
function split(name: string): {
  readonly stem: string;
  readonly extension: string;
} {
  const extension = /(?<=.)\.[^.]{1,20}$/.exec(name)?.[0] ?? '';
  return { stem: name.slice(0, name.length - extension.length), extension };
}
