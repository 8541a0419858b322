import type { DownloadItem } from './item.ts';

/**
 * The flags of some countries.
 *
 * @param baseUrl address of the folder with one folder a country, without a slash at the end
 * @param names whether they are saved under the country's name instead of its code
 */
export function* flagItems(
  codes: Iterable<string>,
  baseUrl: string,
  names: boolean,
): Generator<DownloadItem, void, undefined> {
  for (const cc of codes) {
    const code = cc.toLowerCase();
    yield {
      label: cc,
      url: `${baseUrl}/${code}/${code}.gif`,
      expected: 'GIF',
      ...(names
        ? { nameUrl: `${baseUrl}/${code}/metadata.json` }
        : { fileName: `${cc}.gif` }),
    };
  }
}
