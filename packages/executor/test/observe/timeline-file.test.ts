import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { TimelineFile } from '@concurrent-executors/executor/observe';
import { expect, test } from 'vitest';
import { makeTempFile } from '../support/temp-file.ts';
import { life, manySpans, outcomes, span } from './example-spans.ts';

const title = 'a test';

test('the data cannot leave its element', () => {
  using temp = makeTempFile();
  using file = new TimelineFile(temp.path, { title: '</script><!--' });
  file.addTask(span({ task: { name: '</SCRIPT><script>' } }));
  file.close();
  const [, rest = ''] = readFileSync(temp.path, 'utf8').split(
    '<script id="data" type="application/json">',
  );
  const [data = ''] = rest.split('</script>');
  expect(data).not.toContain('<');
  expect(JSON.parse(data)).toMatchObject({ title: '</script><!--' });
  expect(data).toContain(String.raw`\u003c/SCRIPT>\u003cscript>`);
});

test('replaces an older file when it is whole, not before', () => {
  using temp = makeTempFile();
  writeFileSync(temp.path, 'older');
  using file = new TimelineFile(temp.path, { title });
  for (const each of manySpans(10_000)) file.addTask(each);
  expect(readFileSync(temp.path, 'utf8')).toBe('older');
  file.close();
  const text = readFileSync(temp.path, 'utf8');
  expect(text).toMatch(/^<!doctype html>.*<\/html>\n$/s);
  // What comes after the end is ignored.
  file.addTask(span());
  file.addWorker(life());
  file.close();
  file[Symbol.dispose]();
  expect(readFileSync(temp.path, 'utf8')).toBe(text);
  expect(readdirSync(dirname(temp.path))).toHaveLength(1);
});

test('leaves nothing when it is abandoned', () => {
  using temp = makeTempFile();
  const file = new TimelineFile(temp.path, { title });
  file.addTask(span());
  expect(readdirSync(dirname(temp.path))).toHaveLength(1);
  file[Symbol.dispose]();
  file.addTask(span());
  expect(readdirSync(dirname(temp.path))).toEqual([]);
});

test('tells of a file that cannot be written, at once or at its end', () => {
  using temp = makeTempFile();
  const error = expect.objectContaining({ code: 'ERR_FILE_WRITE' }) as Error;
  expect(() => new TimelineFile(`${temp.path}/none`, { title })).toThrow(error);
  const inner = makeTempFile();
  using file = new TimelineFile(inner.path, { title });
  rmSync(dirname(inner.path), { recursive: true });
  expect(() => {
    file.close();
  }).toThrow(error);
});

test('carries the licences of the libraries in the page', () => {
  using temp = makeTempFile();
  using file = new TimelineFile(temp.path, { title });
  file.close();
  const text = readFileSync(temp.path, 'utf8');
  for (const library of ['array', 'axis', 'brush', 'scale', 'zoom']) {
    expect(text).toMatch(
      new RegExp(`^## d3-${library} - .* \\(ISC\\)\\s+Copyright`, 'm'),
    );
  }
});

test('a task takes less than 60 bytes', () => {
  using temp = makeTempFile();
  const sizeOf = (count: number): number => {
    using file = new TimelineFile(temp.path, { title });
    for (const each of manySpans(count)) file.addTask(each);
    file.close();
    return readFileSync(temp.path).length;
  };
  const COUNT = 10_000;
  expect((sizeOf(COUNT) - sizeOf(0)) / COUNT).toBeLessThan(60);
});

test('needs no more memory for more tasks, workers and errors', async () => {
  using temp = makeTempFile();
  // Several times as many characters of errors as there is memory.
  const program = `
    import { TimelineFile } from '@concurrent-executors/executor/observe';
    const [path, span, life] = JSON.parse(process.env.INPUT);
    const file = new TimelineFile(path, { title: 'a test' });
    for (let index = 0; index < 100_000; index += 1) {
      const executor = { ...span.task.executor, id: index };
      const worker = { ...life.worker, executor, index };
      const error = 'Error: ' + String(index).repeat(100);
      file.addTask({ ...span, task: { ...span.task, executor }, worker, error });
      file.addWorker({ ...life, worker });
    }
    file.close();
    console.log('whole');
  `;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--max-old-space-size=16', '--input-type=module', '--eval', program],
    {
      cwd: import.meta.dirname,
      env: {
        ...process.env,
        INPUT: JSON.stringify([temp.path, outcomes[1], life()]),
      },
    },
  );
  expect(stdout).toBe('whole\n');
});
