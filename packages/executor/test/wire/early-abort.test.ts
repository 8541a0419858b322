import { EventEmitter, on } from 'node:events';
import { expect, test } from 'vitest';
import { codec } from '../../src/wire/codec.ts';
import { HostFileLane } from '../../src/wire/host-file-lane.ts';
import type { WorkerMessage } from '../../src/wire/protocol.ts';
import { encodeThrownBody } from '../../src/wire/thrown.ts';
import { encodeValue } from '../../src/wire/value-codec.ts';
import { WorkerFileLane } from '../../src/wire/worker-file-lane.ts';
import { runTasks } from '../../src/worker/run-tasks.ts';
// Before the test, which is to leave nothing behind.
import '../fixtures/tasks.mjs';
import { openLaneFiles } from '../support/lane-files.ts';

test('a task is aborted that the worker has not taken from the lane', async () => {
  using files = openLaneFiles();
  const host = new HostFileLane(files, {
    wake: () => undefined, // the abort comes first
    broken: () => undefined,
  });
  const lane = new WorkerFileLane(
    files,
    { wake: () => undefined, parked: () => undefined },
    {
      spin: 0,
      tell: Infinity,
    },
  );
  const port = new EventEmitter();
  const messages = on(port, 'message');
  const { receive } = runTasks({
    workerId: 1,
    send(message) {
      lane.posted();
      if (message.type !== 'aborting') port.emit('message', message);
    },
    claim: lane.claim,
    lane,
    codec: () => codec,
    options: {},
    memory: () => 0,
  });
  const nextMessage = async (): Promise<WorkerMessage> => {
    const next = await messages.next();
    const [message] = next.value as [WorkerMessage]; // what is emitted above
    return message;
  };
  const body = encodeValue([7]);

  receive({
    type: 'start',
    initializer: undefined,
    body,
    capacity: 1,
    maxMemory: Infinity,
  });
  expect(await nextMessage()).toMatchObject({ type: 'ready' });
  const first = host.claims.offer();
  const task = {
    module: new URL('../fixtures/tasks.mjs', import.meta.url).href,
    name: 'throwError',
  };
  host.posted();
  host.announce(first, 1);
  receive({
    type: 'run',
    id: 1,
    place: first,
    task,
    number: 0,
    kind: 'single',
    room: 0,
    body,
    attempt: 1,
    isTimed: false,
  });
  expect(await nextMessage()).toMatchObject({ type: 'rejected', id: 1 });

  host.run(host.claims.offer(), 0, 2, 1, []);
  host.flush();
  const reason = encodeThrownBody(new Error('too late'));
  receive({ type: 'abort', id: 2, body: reason });
  expect(await nextMessage()).toMatchObject({
    type: 'rejected',
    id: 2,
    aborted: true,
  });
  await messages.return?.();
});
