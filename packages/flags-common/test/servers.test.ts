import {
  SERVER_LABELS,
  serverSite,
  ServerPortError,
} from '@concurrent-executors/flags-common/server';
import { describe, expect, it } from 'vitest';

describe('serverSite', () => {
  it('knows the four sites of the book', () => {
    expect(SERVER_LABELS.map((label) => serverSite(label, {}))).toEqual([
      { label: 'DELAY', url: 'http://localhost:8001/flags', port: 8001 },
      { label: 'ERROR', url: 'http://localhost:8002/flags', port: 8002 },
      { label: 'LOCAL', url: 'http://localhost:8000/flags', port: 8000 },
      { label: 'REMOTE', url: 'https://www.fluentpython.com/data/flags' },
    ]);
  });

  it('moves a site to the port of its environment variable', () => {
    const env = {
      FLAGS_LOCAL_PORT: '9000',
      FLAGS_DELAY_PORT: '0',
      FLAGS_ERROR_PORT: '',
    };
    expect(serverSite('LOCAL', env).url).toBe('http://localhost:9000/flags');
    expect(serverSite('DELAY', env).port).toBe(0);
    expect(serverSite('ERROR', env).port).toBe(8002);
  });

  it.each(['65536', '-1', '80.5', '0x50', ' 80', '99999999999', 'http'])(
    'refuses %j as a port',
    (text) => {
      const refusal = new ServerPortError(
        `FLAGS_DELAY_PORT must be an integer from 0 to 65535, not ${JSON.stringify(text)}`,
      );
      const env = { FLAGS_DELAY_PORT: text };
      expect(() => serverSite('DELAY', env)).toThrow(refusal);
      expect(refusal).toMatchObject({ code: 'FLAGS_PORT' });
      // A variable of another site is not looked at.
      expect(serverSite('LOCAL', env).port).toBe(8000);
    },
  );
});
