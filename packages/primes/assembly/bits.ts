/** Where a binary ladder for the exponent `d` > 0 begins; its highest bit is the start. */
export function bitBelowHighest(d: u64): u64 {
  return (u64(1) << (63 - clz(d))) >> 1;
}
