/** Composites that pass tests of primality, from tables. */

/** psi_1 to psi_13 of OEIS A014233: the first passes base 2, the last 13 prime bases. */
export const STRONG_TO_FIRST_BASES = [
  2047n,
  1_373_653n,
  25_326_001n,
  3_215_031_751n,
  2_152_302_898_747n,
  3_474_749_660_383n,
  341_550_071_728_321n,
  3_825_123_056_546_413_051n,
  318_665_857_834_031_151_167_461n,
  3_317_044_064_679_887_385_961_981n,
];

/** OEIS A001567. */
export const FERMAT_TO_BASE_2 = [
  341n,
  561n,
  645n,
  1105n,
  1387n,
  1729n,
  1905n,
  2047n,
  2465n,
  2701n,
  2821n,
  3277n,
  4033n,
  4369n,
  4371n,
  4681n,
  5461n,
  6601n,
  7957n,
  8321n,
  8481n,
  8911n,
  10261n,
  10585n,
  11305n,
  12801n,
  13741n,
  13747n,
  13981n,
  14491n,
  15709n,
  15841n,
  16705n,
  18705n,
  18721n,
  19951n,
  23001n,
  23377n,
  25761n,
  29341n,
];

/** OEIS A001262. */
export const STRONG_TO_BASE_2 = [
  2047, 3277, 4033, 4681, 8321, 15841, 29341, 42799, 49141,
];

/** OEIS A217255: R. Baillie and S. S. Wagstaff's strong test, with Selfridge's parameters. */
export const STRONG_LUCAS = [
  5459n,
  5777n,
  10877n,
  16109n,
  18971n,
  22499n,
  24569n,
  25199n,
  40309n,
  58519n,
  75077n,
  97439n,
  100127n,
  113573n,
  115639n,
  130139n,
];

/** OEIS A217719. */
export const EXTRA_STRONG_LUCAS = [
  989, 3239, 5777, 10877, 27971, 29681, 30739, 31631, 39059,
];

/** Carmichael numbers, which pass Fermat's test to every base that they have no factor with. */
export const CARMICHAEL = [
  561n,
  1_105n,
  1_729n,
  2_465n,
  2_821n,
  6_601n,
  8_911n,
  825_265n,
  321_197_185n,
  5_394_826_801n,
  232_250_619_601n,
  9_746_347_772_161n,
  1_436_697_831_295_441n,
  60_977_817_398_996_785n,
];
