import type { Headers } from './exchange-trace.ts';

/** Names of headers whose values let their reader act for the user. */
const SECRET_HEADER =
  /authorization|cookie|token|secret|password|api-?key|signature/i;

/** User name and password of a URL: all up to the last @ before the path. */
const USER_INFO = /(?<=[a-z][a-z0-9+.-]*:\/\/)[^\s/?#\\]*@/gi;

/** The same text without the user names and passwords of the URLs in it. */
export function withoutUserInfo(text: string): string {
  return text.replace(USER_INFO, '');
}

/** The same headers without credentials. That a secret was there remains visible. */
export function withoutCredentials(headers: Headers): Headers {
  return headers.map(([name, value]) => [
    name,
    SECRET_HEADER.test(name) ? '[redacted]' : withoutUserInfo(value),
  ]);
}
