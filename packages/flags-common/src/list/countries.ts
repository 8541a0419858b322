import { UsageError } from '../errors.ts';

/** The 20 most populous countries, in order of decreasing population. */
export const POP20: readonly string[] =
  'CN IN US ID BR PK NG BD RU JP MX PH VN ET EG DE IR TR CD FR'.split(' ');

/** The 194 codes that have a flag, in alphabetical order. */
export const ALL: readonly string[] = (
  'AD AE AF AG AL AM AO AR AT AU AZ BA BB BD BE BF BG BH BI BJ BN BO BR BS ' +
  'BT BW BY BZ CA CD CF CG CH CI CL CM CN CO CR CU CV CY CZ DE DJ DK DM DZ ' +
  'EC EE EG ER ES ET FI FJ FM FR GA GB GD GE GH GM GN GQ GR GT GW GY HN HR ' +
  'HT HU ID IE IL IN IQ IR IS IT JM JO JP KE KG KH KI KM KN KP KR KW KZ LA ' +
  'LB LC LI LK LR LS LT LU LV LY MA MC MD ME MG MH MK ML MM MN MR MT MU MV ' +
  'MW MX MY MZ NA NE NG NI NL NO NP NR NZ OM PA PE PG PH PK PL PT PW PY QA ' +
  'RO RS RU RW SA SB SC SD SE SG SI SK SL SM SN SO SR SS ST SV SY SZ TD TG ' +
  'TH TJ TL TM TN TO TR TT TV TW TZ UA UG US UY UZ VA VC VE VN VU WS YE ZA ' +
  'ZM ZW'
).split(' ');

const LETTERS: readonly string[] =
  'A B C D E F G H I J K L M N O P Q R S T U V W X Y Z'.split(' ');

/** Which codes a command line asks for. */
export interface Selection {
  /** Country codes, and first letters that stand for their 26 codes; any case. */
  readonly codes: readonly string[];
  /** All 194 codes that have a flag, instead of `codes`. */
  readonly all: boolean;
  /** All 676 codes from AA to ZZ, instead of `codes` and `all`. */
  readonly every: boolean;
  /** Keep the first N codes of the sorted list, N >= 1. Default: all of them. */
  readonly limit?: number | undefined;
}

/**
 * The selected codes: upper case, each once, sorted. Nothing selected means
 * {@link POP20}. Codes are checked even where `all` or `every` replaces them.
 *
 * @throws {UsageError} for anything that is not A to Z or AA to ZZ
 */
export function selectCodes(selection: Selection): string[] {
  const given = selection.codes.flatMap(expand);
  const selected = selection.every
    ? LETTERS.flatMap(codesFrom)
    : selection.all
      ? ALL
      : given.length > 0
        ? given
        : POP20;
  return [...new Set(selected)].sort().slice(0, selection.limit);
}

function expand(code: string): string[] {
  // The check comes before toUpperCase, which turns ß into the two letters SS.
  if (!/^[A-Za-z]{1,2}$/.test(code)) {
    throw new UsageError('each CC must be A to Z or AA to ZZ', code);
  }
  const upper = code.toUpperCase();
  return upper.length === 1 ? codesFrom(upper) : [upper];
}

function codesFrom(firstLetter: string): string[] {
  return LETTERS.map((letter) => firstLetter + letter);
}
