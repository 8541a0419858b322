// The process of an embedded server, started with the arguments LABEL and PORT.
import { PRESETS, startFlagServer } from '../server/index.ts';
import type { EmbeddedMessage } from './messages.ts';

// Ctrl-C in a terminal reaches this process too, while the program that started it
// still needs it. It ends with the channel to that program, however that one ends.
process.on('SIGINT', () => undefined);
process.on('disconnect', () => process.exit());
// That program may have ended while this module was loaded.
if (!process.connected) process.exit();

const [label = '', port] = process.argv.slice(2);
const preset = Object.values(PRESETS).find((known) => known.label === label);
try {
  const server = await startFlagServer({
    ...preset,
    port: Number(port),
    embedded: true,
  });
  tell({ type: 'listening', port: server.port });
} catch (error) {
  tell({
    type: 'failed',
    code: error instanceof Error && 'code' in error ? error.code : undefined,
    reason: error instanceof Error ? error.message : String(error),
  });
}

function tell(message: EmbeddedMessage): void {
  process.send?.(message);
}
