export const poolProgram = new URL(
  '../../../apps/proc-pool/dist/main.js',
  import.meta.url,
);
