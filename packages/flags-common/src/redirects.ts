import { type Dispatcher, interceptors } from 'undici';

/** How many redirects in a row are followed. */
const MAX_REDIRECTS = 5;

/** A redirect led from https to http, where anyone could replace the answer. */
class InsecureRedirectError extends Error {
  readonly code = 'ERR_INSECURE_REDIRECT';
}

/** Follows redirects; those from `https:` URLs only to other `https:` URLs. */
export function followRedirects(dispatcher: Dispatcher): Dispatcher {
  const follow = interceptors.redirect({ maxRedirections: MAX_REDIRECTS });
  const anywhere = dispatcher.compose(follow);
  // The last interceptor is the outermost: `refuseInsecure` sees every hop.
  const secureOnly = dispatcher.compose(refuseInsecure, follow);
  return dispatcher.compose(
    () => (options, handler) =>
      (isSecure(options) ? secureOnly : anywhere).dispatch(options, handler),
  );
}

const refuseInsecure: Dispatcher.DispatcherComposeInterceptor =
  (dispatch) => (options, handler) => {
    if (!isSecure(options)) {
      throw new InsecureRedirectError(
        `refused a redirect from https to ${String(options.origin)}`,
      );
    }
    return dispatch(options, handler);
  };

function isSecure({ origin }: Dispatcher.DispatchOptions): boolean {
  return origin !== undefined && new URL(origin).protocol === 'https:';
}
