import {
  STATUS_CODES,
  type OutgoingHttpHeaders,
  type ServerResponse,
} from 'node:http';

/** Answers with a status and its name as the body, dropping headers set for another answer. */
export function answerStatus(
  response: ServerResponse,
  status: number,
  headers: OutgoingHttpHeaders = {},
): void {
  for (const name of response.getHeaderNames()) response.removeHeader(name);
  answer(response, status, `${STATUS_CODES[status] ?? 'Error'}\n`, {
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
