import {
  STATUS_CODES,
  type OutgoingHttpHeaders,
  type ServerResponse,
} from 'node:http';

/** Answers with a status and its name or `text`, dropping headers set for another answer. */
export function answerStatus(
  response: ServerResponse,
  status: number,
  headers: OutgoingHttpHeaders = {},
  text = STATUS_CODES[status] ?? 'Error',
): void {
  for (const name of response.getHeaderNames()) response.removeHeader(name);
  answer(response, status, `${text}\n`, {
    'Content-Type': 'text/plain; charset=utf-8',
    ...headers,
  });
}

export function answerJson(response: ServerResponse, value: object): void {
  answer(response, 200, `${JSON.stringify(value)}\n`, {
    'Content-Type': 'application/json; charset=utf-8',
    'Cache-Control': 'no-store',
  });
}

/** Answers with a page that has one line of text, which must not need escapes. */
export function answerHtml(response: ServerResponse, text: string): void {
  answer(response, 200, `<!doctype html>\n<title>${text}</title>\n`, {
    'Content-Type': 'text/html; charset=utf-8',
  });
}

function answer(
  response: ServerResponse,
  status: number,
  body: string,
  headers: OutgoingHttpHeaders,
): void {
  response.writeHead(status, {
    'Content-Length': Buffer.byteLength(body),
    ...headers,
  });
  response.end(body);
}
