import type { Client } from './exchange/client.ts';
import type { ExchangeResult } from './exchange/exchange.ts';
import { parseJson } from './json.ts';
import { IDENTITY_PATH, PROGRAM } from './server/identity.ts';

/** What stands at the address of a flag server. */
export type Occupant =
  | { readonly kind: 'nothing' }
  /** Serves flags for as long as somebody wants it to. */
  | { readonly kind: 'standing' }
  /** Serves flags, and ends with the run of a program that started it. */
  | { readonly kind: 'embedded' }
  /** Is something else; `reason` is how it shows. */
  | { readonly kind: 'foreign'; readonly reason: string };

/**
 * How often the question is put to what ends the connection without an answer. The
 * embedded server of a run that is over does so once; then nothing listens there.
 */
const ASKED = 3;

/**
 * Finds out what listens at `url`, by asking. Our own servers identify themselves
 * at once. Any other HTTP server will do if it has the flag of China, or refuses
 * it with 418, as the error server of the book does.
 *
 * @param timeout for each question, in milliseconds
 */
export async function probe(
  client: Client,
  url: string,
  timeout: number,
): Promise<Occupant> {
  const ask = (address: string, expected?: 'GIF'): Promise<ExchangeResult> =>
    client.exchange({
      url: address,
      label: 'server',
      attempt: 1,
      timeLeft: timeout,
      expected,
    });
  for (let asked = 1; ; asked += 1) {
    const answer = await ask(new URL(IDENTITY_PATH, url).href);
    if (answer.kind === 'body') {
      const identity = parseJson(Buffer.from(answer.body));
      if (identity?.['program'] === PROGRAM) {
        return {
          kind: identity['embedded'] === true ? 'embedded' : 'standing',
        };
      }
      break;
    }
    if (answer.kind !== 'failed' || answer.status !== undefined) break;
    if (answer.refused === true) return { kind: 'nothing' };
    if (answer.code !== 'FLAGS_NETWORK' || asked === ASKED) {
      return { kind: 'foreign', reason: answer.message };
    }
  }
  const address = `${url}/cn/cn.gif`;
  const flag = await ask(address, 'GIF');
  if (flag.kind === 'body') return { kind: 'standing' };
  if (flag.kind !== 'failed') {
    return { kind: 'foreign', reason: `it answers with a ${flag.kind}` };
  }
  if (flag.status === 418) return { kind: 'standing' };
  return {
    kind: 'foreign',
    reason:
      flag.status === undefined ? flag.message : `${flag.message}: ${address}`,
  };
}
