// Preloaded into a program: tells at its end how much memory it has taken at most.
import { isMainThread } from 'node:worker_threads';

if (isMainThread) {
  process.on('exit', () => {
    console.error(`peak ${process.resourceUsage().maxRSS} KB`);
  });
}
