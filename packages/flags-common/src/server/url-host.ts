const LOCALHOST_ADDRESSES: readonly string[] = [
  '127.0.0.1',
  '::1',
  '0.0.0.0',
  '::',
];

/** The host to write into a URL for a server that listens on `address`. */
export function urlHost(address: string): string {
  if (LOCALHOST_ADDRESSES.includes(address)) return 'localhost';
  return address.includes(':') ? `[${address}]` : address;
}
