// The 194 countries whose flags are served, and what the flag package does not know of them.

// ISO 3166 code and GEC code (Geopolitical Entities and Codes, formerly FIPS 10-4) of every
// country. A GEC code often is another country's ISO code: AU is Austria, AS is Australia.
const isoAndGec = `
  AD:AN AE:AE AF:AF AG:AC AL:AL AM:AM AO:AO AR:AR AT:AU AU:AS AZ:AJ BA:BK BB:BB BD:BG BE:BE
  BF:UV BG:BU BH:BA BI:BY BJ:BN BN:BX BO:BL BR:BR BS:BF BT:BT BW:BC BY:BO BZ:BH CA:CA CD:CG
  CF:CT CG:CF CH:SZ CI:IV CL:CI CM:CM CN:CH CO:CO CR:CS CU:CU CV:CV CY:CY CZ:EZ DE:GM DJ:DJ
  DK:DA DM:DO DZ:AG EC:EC EE:EN EG:EG ER:ER ES:SP ET:ET FI:FI FJ:FJ FM:FM FR:FR GA:GB GB:UK
  GD:GJ GE:GG GH:GH GM:GA GN:GV GQ:EK GR:GR GT:GT GW:PU GY:GY HN:HO HR:HR HT:HA HU:HU ID:ID
  IE:EI IL:IS IN:IN IQ:IZ IR:IR IS:IC IT:IT JM:JM JO:JO JP:JA KE:KE KG:KG KH:CB KI:KR KM:CN
  KN:SC KP:KN KR:KS KW:KU KZ:KZ LA:LA LB:LE LC:ST LI:LS LK:CE LR:LI LS:LT LT:LH LU:LU LV:LG
  LY:LY MA:MO MC:MN MD:MD ME:MJ MG:MA MH:RM MK:MK ML:ML MM:BM MN:MG MR:MR MT:MT MU:MP MV:MV
  MW:MI MX:MX MY:MY MZ:MZ NA:WA NE:NG NG:NI NI:NU NL:NL NO:NO NP:NP NR:NR NZ:NZ OM:MU PA:PM
  PE:PE PG:PP PH:RP PK:PK PL:PL PT:PO PW:PS PY:PA QA:QA RO:RO RS:RI RU:RS RW:RW SA:SA SB:BP
  SC:SE SD:SU SE:SW SG:SN SI:SI SK:LO SL:SL SM:SM SN:SG SO:SO SR:NS SS:OD ST:TP SV:ES SY:SY
  SZ:WZ TD:CD TG:TO TH:TH TJ:TI TL:TT TM:TX TN:TS TO:TN TR:TU TT:TD TV:TV TW:TW TZ:TZ UA:UP
  UG:UG US:US UY:UY UZ:UZ VA:VT VC:VC VE:VE VN:VM VU:NH WS:WS YE:YM ZA:SF ZM:ZA ZW:ZI
`;

// Short names where the package has the long ISO form, and the names of countries that
// were renamed since.
/** @type {Readonly<Record<string, string>>} */
const shortNames = {
  BO: 'Bolivia',
  CD: 'Congo (Kinshasa)',
  CG: 'Congo (Brazzaville)',
  IR: 'Iran',
  KP: 'Korea, North',
  KR: 'Korea, South',
  LA: 'Laos',
  MD: 'Moldova',
  MK: 'North Macedonia',
  SY: 'Syria',
  SZ: 'Eswatini',
  TZ: 'Tanzania',
  VA: 'Vatican City',
  VE: 'Venezuela',
  VN: 'Vietnam',
};

/**
 * @typedef {object} Country what a metadata.json holds
 * @property {string} tld_cc top-level domain, with its dot
 * @property {string} iso_cc ISO 3166 two-letter code
 * @property {string} country English short name
 * @property {string} gec_cc GEC code
 */

/**
 * The countries in the order of their ISO codes.
 *
 * @param {Readonly<Record<string, string>>} isoNames English names by ISO code
 * @returns {Country[]}
 */
export const countries = (isoNames) =>
  isoAndGec
    .trim()
    .split(/\s+/)
    .map((pair) => {
      const [iso, gec] = pair.split(':');
      const country = shortNames[iso] ?? isoNames[iso];
      if (!country) throw new Error(`no country name for ${iso}`);
      return {
        // The United Kingdom is the one country whose domain is not its ISO code.
        tld_cc: iso === 'GB' ? '.uk' : `.${iso.toLowerCase()}`,
        iso_cc: iso,
        country,
        gec_cc: gec,
      };
    });
