import type { IncomingMessage } from 'node:http';
import { answerHtml, answerStatus } from './answer.ts';
import type { BodyFaultKind } from './body-faults.ts';
import type { Exchange } from './exchange.ts';
import { FAULTS, type FaultKind } from './fault-kinds.ts';
import { faultPath } from './fault-path.ts';
import type { FaultRule } from './fault-rule.ts';
import { urlHost } from './url-host.ts';
import type { Waits } from './waits.ts';

/** What the server does for faults. */
export interface FaultServices {
  readonly waits: Waits;
  /** Resolves with another port of the server than this one. */
  readonly otherPort: (port: number) => Promise<number>;
}

type AnswerFault = (
  exchange: Exchange,
  rule: FaultRule,
  file: string,
  services: FaultServices,
) => void | Promise<void>;

/** The faults that come in place of the file, which need not be there. */
export const ANSWER_FAULTS: Readonly<
  Record<Exclude<FaultKind, BodyFaultKind>, AnswerFault>
> = {
  error: (
    { response },
    { status = FAULTS.error.parameters.status.byDefault },
  ) => {
    answerStatus(response, status);
  },

  'too-many': ({ response }, rule) => {
    answerStatus(response, 429, { 'Retry-After': retryAfter(rule) });
  },

  unavailable: ({ response }, rule) => {
    answerStatus(response, 503, { 'Retry-After': retryAfter(rule) });
  },

  redirect: (
    { response },
    { kind, hops = FAULTS.redirect.parameters.hops.byDefault },
    file,
  ) => {
    answerStatus(response, 302, { Location: nextHop(kind, hops, file) });
  },

  'redirect-origin': async (
    { request, response },
    { kind, hops = FAULTS['redirect-origin'].parameters.hops.byDefault },
    file,
    { otherPort },
  ) => {
    const port = await otherPort(request.socket.localPort ?? 0);
    const origin = `http://${hostOf(request)}:${String(port)}`;
    answerStatus(response, 302, {
      Location: origin + nextHop(kind, hops, file),
    });
  },

  'redirect-loop': ({ response }, { kind }, file) => {
    answerStatus(response, 302, { Location: faultPath({ kind }, file) });
  },

  'wrong-type': ({ response }) => {
    answerHtml(response, 'Please log in to use this network.');
  },

  reset: ({ request }) => {
    request.socket.resetAndDestroy();
  },

  stall: async ({ request }, _rule, _file, { waits }) => {
    await waits.wait(Infinity, request.socket);
  },

  // What a client reads that has met a server of another protocol.
  garbage: ({ request: { socket } }) => {
    socket.write('SSH-2.0-flag-server\r\n');
    socket.destroySoon();
  },
};

function retryAfter({
  retryAfter = FAULTS.unavailable.parameters.retryAfter.byDefault,
  retryAfterDate,
}: FaultRule): string {
  if (retryAfterDate === undefined) return String(retryAfter);
  // Rounded up to the whole second that a date can tell, so that nobody comes too early.
  const second = Math.ceil(Date.now() / 1000) + retryAfterDate;
  return new Date(second * 1000).toUTCString();
}

/** The chain goes on at paths of its own, so that the rules of the options cannot break it. */
function nextHop(kind: FaultKind, hops: number, file: string): string {
  return faultPath(hops > 1 ? { kind, hops: hops - 1 } : undefined, file);
}

/** The host under which the client found this server, without the port. */
function hostOf({ headers, socket }: IncomingMessage): string {
  const url = `http://${headers.host ?? ''}`;
  return URL.canParse(url)
    ? new URL(url).hostname
    : urlHost(socket.localAddress ?? '');
}
