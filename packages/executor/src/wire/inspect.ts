/** util.inspect, which is loaded when it is used: few workers need it. */
export function inspect(value: unknown): string {
  return process.getBuiltinModule('node:util').inspect(value);
}
