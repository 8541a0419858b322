import { describe, expect, test } from 'vitest';
import { OptionRangeError } from '@concurrent-executors/executor';
import { readControl, writeControl } from '../src/wire/control.ts';
import { isGenuine, readEnvelope, sealEnvelope } from '../src/wire/envelope.ts';
import { readReply, replyFields } from '../src/wire/reply.ts';
import { Signer } from '../src/wire/signer.ts';

const KEY = '0123456789abcdef';
const unsigned = new Signer(undefined);

/** Small numbers that a seed determines (mulberry32). */
function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** Any value that JSON can have, and often one with the fields of a message. */
function garbage(random: (below: number) => number, depth = 0): unknown {
  const scalars = [null, true, -1, 1e308, 0.5, '', 'abort', 'x', '__proto__'];
  if (depth > 2 || random(3) === 0) return scalars[random(scalars.length)];
  if (random(4) === 0) {
    return Array.from({ length: random(4) }, () => garbage(random, depth + 1));
  }
  const names = [
    'v',
    'kind',
    'hash',
    'replyTo',
    'timeout',
    'room',
    'body',
    'mac',
  ];
  names.push('id', 'type', 'reason', 'total', '__proto__');
  const entries = names
    .filter(() => random(2) === 0)
    .map((name) => [name, garbage(random, depth + 1)] as const);
  return Object.fromEntries(entries);
}

describe('Signer', () => {
  test('without a key everything is genuine, and nothing is signed', () => {
    expect(unsigned.sign(['a'])).toBeUndefined();
    expect(unsigned.verify('anything', ['a'])).toBe(true);
  });

  test.each(['0123456789abcde', '', new Uint8Array(15)])(
    'the key %j is too short',
    (key) => {
      expect(() => new Signer(key)).toThrow(OptionRangeError);
    },
  );

  test('knows its own signature, of this head and this body', () => {
    const signer = new Signer(KEY);
    const body = Buffer.from('body');
    const mac = signer.sign(['head', 1], body);
    expect(mac).toMatch(/^[\w-]{43}$/);
    expect(new Signer(Buffer.from(KEY)).verify(mac, ['head', 1], body)).toBe(
      true,
    );
    expect(signer.verify(mac, ['head', 2], body)).toBe(false);
    expect(signer.verify(mac, ['head', 1], Buffer.from('bodY'))).toBe(false);
    expect(signer.verify(mac, ['head', 1])).toBe(false);
    expect(new Signer(`${KEY}.`).verify(mac, ['head', 1], body)).toBe(false);
    for (const other of [
      undefined,
      null,
      7,
      '',
      {},
      'é'.repeat(43),
      `${String(mac)}=`,
    ]) {
      expect(signer.verify(other, ['head', 1], body)).toBe(false);
    }
  });

  test('head and body cannot be taken for each other', () => {
    const signer = new Signer(KEY);
    const mac = signer.sign(['a'], Buffer.from('\n["b"]'));
    expect(signer.verify(mac, ['a\n["b"]'])).toBe(false);
    expect(signer.verify(signer.sign(['a', 'b']), ['a"', 'b'])).toBe(false);
    expect(signer.verify(signer.sign(['ab', '']), ['a', 'b'])).toBe(false);
  });
});

describe('messages', () => {
  test('come through as they were', () => {
    const signer = new Signer(KEY);
    const call = { queue: 'q', id: 'i', name: 'n' };
    const body = Buffer.from('arguments');
    const envelope = sealEnvelope(
      signer,
      call,
      { kind: 'chunk', hash: 'h', replyTo: 'r', timeout: 5, room: 3 },
      body,
      true,
    );
    const read = readEnvelope(JSON.parse(JSON.stringify(envelope)));
    expect(read).toEqual(envelope);
    expect(isGenuine(signer, call, envelope, body)).toBe(true);

    const report = { type: 'progress' } as const;
    expect(
      readReply(
        signer,
        replyFields(signer, 'i', report, body).map((field) =>
          Buffer.from(field),
        ),
      ),
    ).toEqual({ id: 'i', report, body });

    const abort = {
      type: 'abort',
      id: 'i',
      reason: new Map([[1, -0]]),
    } as const;
    expect(readControl(signer, writeControl(signer, abort))).toEqual(abort);
    const grant = { type: 'grant', id: 'i', total: 7 } as const;
    expect(readControl(signer, writeControl(signer, grant))).toEqual(grant);
  });

  test('of garbage are refused, and never throw', () => {
    const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 31);
    const random = randomOf(seed);
    for (let round = 0; round < 20_000; round += 1) {
      const value = garbage(random);
      const text =
        random(4) === 0
          ? String.fromCharCode(...Array.from({ length: 9 }, () => random(300)))
          : JSON.stringify(value);
      const place = `SEED=${String(seed)} ${text}`;
      const envelope = readEnvelope(value);
      if (envelope !== undefined) expect(envelope.v, place).toBe(1);
      for (const signer of [unsigned, new Signer(KEY)]) {
        const wrapped = JSON.stringify([text, null]);
        for (const message of [text, wrapped]) {
          const control = readControl(signer, message);
          if (control === undefined) continue;
          expect(signer, place).toBe(unsigned);
          expect(typeof control.id, place).toBe('string');
        }
        const fields = ['h', text, 'b', text, 'm', text, 'x'].map((field) =>
          Buffer.from(field),
        );
        const reply = readReply(signer, fields);
        if (reply === undefined || reply === 'opened') continue;
        expect(signer, place).toBe(unsigned);
        expect(typeof reply.id, place).toBe('string');
        expect(
          ['started', 'progress', 'yielded', 'returned', 'failed'],
          place,
        ).toContain(reply.report.type);
      }
    }
  });
});
