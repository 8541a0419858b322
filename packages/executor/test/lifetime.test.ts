/*
 * How pools and the life of the program go together. Each test runs a program
 * of its own.
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';

const program = fileURLToPath(
  new URL('fixtures/lifetime.mjs', import.meta.url),
);
const run = promisify(execFile);

describe.each(['ThreadPoolExecutor', 'ProcessPoolExecutor'])('%s', (pool) => {
  test('an idle pool does not hold the program, and nothing is printed', async () => {
    const { stdout, stderr } = await run(process.execPath, [
      program,
      pool,
      'idle',
    ]);
    expect({ stdout, stderr }).toEqual({ stdout: '4\n', stderr: '' });
  });

  test.each([['--eval'], ['--input-type=module', '-e']])(
    'a program given by %s is not run in the workers',
    async (...options) => {
      // If it were, this ends it: else each worker would start another one.
      const script = `
        if (process.env.IN_WORKER) process.exit(7);
        process.env.IN_WORKER = 'yes';
        import('@concurrent-executors/executor').then(
          async ({ moduleTasks, ${pool} }) => {
            const pool = new ${pool}({ maxWorkers: 1 });
            console.log(await pool.submit(moduleTasks('node:path').join, 'a', 'b'));
            await pool.shutdown();
          },
        );`;
      const args = [...options, script];
      const { stdout, stderr } = await run(process.execPath, args, {
        cwd: import.meta.dirname,
      });
      expect({ stdout, stderr }).toEqual({ stdout: 'a/b\n', stderr: '' });
    },
  );

  test('a task that has opened all files that it may fails with that, and the worker goes on', async () => {
    const script = `
      import { ${pool} } from '@concurrent-executors/executor';
      import { echo } from './fixtures/tasks.mjs';
      import { closeFiles, openAllFiles } from './fixtures/worker-tasks.mjs';
      const pool = new ${pool}({ maxWorkers: 1 });
      const print = (value) => console.log(String(value));
      await pool.submit(openAllFiles).catch(print);
      await pool.submit(echo, 1).then(print);
      await pool.submit(closeFiles);
      await pool.submit(echo, { n: 2 }).then(({ n }) => print(n));
      await pool.shutdown();`;
    const command = `ulimit -n 100; exec "$0" --input-type=module -e "$1"`;
    const { stdout, stderr } = await run(
      '/bin/sh',
      ['-c', command, process.execPath, script],
      { cwd: import.meta.dirname },
    );
    expect({ stdout, stderr }).toEqual({
      stdout: `Error: EMFILE: too many open files, open '/dev/null'\n1\n2\n`,
      stderr: '',
    });
  });

  test('pending work holds it, also without shutdown', async () => {
    const { stdout, stderr } = await run(process.execPath, [
      program,
      pool,
      'pending',
    ]);
    expect({ stdout, stderr }).toEqual({
      stdout: 'main is done\n2 4 6\n',
      stderr: '',
    });
  });

  test('a shutdown that nobody awaits lets the work end first', async () => {
    const { stdout } = await run(process.execPath, [program, pool, 'shutdown']);
    expect(stdout).toBe('finished\n'.repeat(3));
  });

  test('a shutdown that cancels and that nobody awaits ends it cleanly', async () => {
    const { stdout, stderr } = await run(process.execPath, [
      program,
      pool,
      'cancel',
    ]);
    expect(stdout.trimEnd().split('\n').sort().join(' ')).toMatch(
      /^(cancelled ?)+( finished){0,2}$/,
    );
    expect(stderr).toBe('');
  });

  test('a pool that nobody refers to finishes its work, and does not hold it', async () => {
    const { stdout, stderr } = await run(process.execPath, [
      '--expose-gc',
      program,
      pool,
      'dropped',
    ]);
    expect({ stdout, stderr }).toEqual({ stdout: '2 4 6\n', stderr: '' });
  });

  test('what is submitted in an exit hook never runs, and it ends all the same', async () => {
    const { stdout, stderr } = await run(process.execPath, [
      program,
      pool,
      'exit hook',
    ]);
    expect({ stdout, stderr }).toEqual({ stdout: '4\n', stderr: '' });
  });

  test('messages to workers that have just ended are not worth a word', async () => {
    const { stdout, stderr } = await run(process.execPath, [
      program,
      pool,
      'dying',
    ]);
    expect({ stdout, stderr }).toEqual({ stdout: '', stderr: '' });
  });

  test('Ctrl-C ends it at once, with workers that are busy and tasks that wait', async () => {
    // A group of its own: like that in a terminal, to which all of this belongs.
    const child = spawn(process.execPath, [program, pool, 'busy'], {
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    });
    const [text] = (await once(child.stdout, 'data')) as [Buffer];
    const pids = String(text).trim().split(' ').map(Number);
    process.kill(-(child.pid ?? expect.unreachable()), 'SIGINT');
    const [code, signal] = (await once(child, 'close')) as unknown[];
    expect({ code, signal }).toEqual({ code: null, signal: 'SIGINT' });
    for (const pid of pids) await expectGone(pid);
  });

  test('process.exit() ends it at once, with its busy workers', async () => {
    const child = spawn(process.execPath, [program, pool, 'exit'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const output: string[] = [];
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output.push(text);
    });
    const [code] = (await once(child, 'close')) as [number];
    expect(code).toBe(7);
    await expectGone(Number(output.join('')));
  });
});

test('an idle worker process ends when its program is killed', async () => {
  const child = spawn(
    process.execPath,
    [program, 'ProcessPoolExecutor', 'wait'],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const [text] = (await once(child.stdout, 'data')) as [Buffer];
  child.kill('SIGKILL');
  await once(child, 'close');
  await expectGone(Number(String(text)));
});

/** Waits until no process with this id is left. A hang shows as the test's time-out. */
async function expectGone(pid: number): Promise<void> {
  expect(pid).toBeGreaterThan(0);
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    // A zombie whose parent has not asked for its status is gone too.
    if (existsSync('/proc') && !existsSync(`/proc/${String(pid)}/exe`)) return;
    await new Promise(setImmediate);
  }
}

test('processes go on by messages where their files may not grow', async () => {
  const script = `
    import { ProcessPoolExecutor } from '@concurrent-executors/executor';
    import { echo } from './fixtures/tasks.mjs';
    const pool = new ProcessPoolExecutor({ maxWorkers: 1 });
    const values = Array.from({ length: 30 }, (_, n) =>
      Buffer.alloc(5_000 * n, String(n)).toString('latin1'),
    );
    for (let round = 0; round < 2; round += 1) {
      const results = await Promise.all(values.map((value) => pool.submit(echo, value)));
      console.log(results.every((result, n) => result === values[n]));
    }
    const numbers = Array.from({ length: 30_000 }, (_, n) => n);
    const results = await Promise.all(numbers.map((n) => pool.submit(echo, n)));
    console.log(results.every((result, n) => result === n));
    // Answers of one record, and of several.
    const texts = numbers.slice(0, 6_000).map((n) => 'x'.repeat(n % 2_100));
    const copies = await Promise.all(texts.map((text) => pool.submit(echo, text)));
    console.log(copies.every((copy, n) => copy === texts[n]));
    await pool.shutdown();`;
  // In blocks of 512 or 1,024 bytes: enough for nothing; for the records, not for the area,
  // and not for the records of so many tasks.
  for (const limit of [150, 600]) {
    const command = `ulimit -f ${String(limit)}; exec "$0" --input-type=module -e "$1"`;
    const { stdout, stderr } = await run(
      '/bin/sh',
      ['-c', command, process.execPath, script],
      { cwd: import.meta.dirname },
    );
    expect({ stdout, stderr }).toEqual({
      stdout: 'true\n'.repeat(4),
      stderr: '',
    });
  }
});
