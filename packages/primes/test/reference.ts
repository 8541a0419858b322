/** Programs that know which integers are prime, to compare with. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

interface Program {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  /** What it reads, a line for each integer. */
  readonly input: (n: bigint) => string;
  /** Whether its line for a prime says so. */
  readonly saysPrime: (line: string) => boolean;
}

export const programs: readonly Program[] = [
  {
    name: 'PARI/GP',
    command: ['gp', '--quiet', '--fast'],
    input: (n) => `print(isprime(${String(n)}))`,
    saysPrime: (line) => line === '1',
  },
  {
    name: 'factor',
    command: ['factor'],
    input: String,
    saysPrime: (line) => line.split(' ').length === 2, // as "7: 7"
  },
];

export function isInstalled({ command: [program] }: Program): boolean {
  return spawnSync(program, ['--version']).error === undefined;
}

/** Which of the integers are prime, as the program says. */
export async function answersOf(
  { command: [program, ...args], input, saysPrime }: Program,
  integers: readonly bigint[],
): Promise<boolean[]> {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  child.stdin.end(integers.map((n) => `${input(n)}\n`).join(''));
  const output = await text(child.stdout);
  await exited;
  return output.trimEnd().split('\n').map(saysPrime);
}
