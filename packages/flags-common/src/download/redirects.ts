import { RedirectError } from '../errors.ts';

/** How many redirects in a row are followed. */
export const MAX_REDIRECTS = 10;

/**
 * Where a redirect leads. A user name and password in it do not count: nobody who
 * only answers may choose them.
 *
 * @throws {RedirectError} from https to http, where anyone could replace the
 *   answer, and to what is no URL of the web
 */
export function redirected(from: string, location: string): string {
  if (!URL.canParse(location, from)) {
    throw new RedirectError(
      `redirected to ${JSON.stringify(location)}, which is no URL`,
      from,
    );
  }
  const source = new URL(from);
  const target = new URL(location, from);
  if (target.protocol !== 'http:' && target.protocol !== 'https:') {
    throw new RedirectError(`refused a redirect to ${target.protocol}`, from);
  }
  if (source.protocol === 'https:' && target.protocol === 'http:') {
    throw new RedirectError(
      `refused a redirect from https to ${target.origin}`,
      from,
    );
  }
  target.username = '';
  target.password = '';
  target.hash = '';
  return target.href;
}
