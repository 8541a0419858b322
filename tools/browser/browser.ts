import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  chromium,
  type Browser,
  type BrowserContextOptions,
  type Page,
} from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/**
 * The browser for the tests: `CHROME_PATH`, or one that is on `PATH`; undefined if
 * there is none. With `REQUIRE_BROWSER=1` that is an error.
 */
export function findBrowser(): string | undefined {
  const { CHROME_PATH, PATH = '', REQUIRE_BROWSER } = process.env;
  if (CHROME_PATH !== undefined) return CHROME_PATH;
  const found = PATH.split(delimiter)
    .flatMap((folder) => NAMES.map((name) => join(folder, name)))
    .find(isExecutable);
  if (found === undefined && REQUIRE_BROWSER === '1') {
    throw new Error(
      `REQUIRE_BROWSER is set, but there is no ${NAMES.join(', ')} on PATH and no CHROME_PATH`,
    );
  }
  return found;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** A page in a browser of its own, which ends when it is disposed of. */
export interface OpenPage extends AsyncDisposable {
  readonly page: Page;
  /** Every message on the console, error and request beyond the page itself. */
  readonly incidents: readonly string[];
}

/** Starts a browser without a window. */
export async function launch(
  executablePath: string,
): Promise<Browser & AsyncDisposable> {
  return await chromium.launch({
    executablePath,
    // Chromium's sandbox refuses to run as root, as which containers run tests.
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
    handleSIGHUP: false,
    handleSIGINT: false,
    handleSIGTERM: false,
  });
}

/** Opens a file and waits until it is drawn. */
export async function openPage(
  executablePath: string,
  path: string,
  options: BrowserContextOptions = {},
): Promise<OpenPage> {
  const browser = await launch(executablePath);
  try {
    const page = await browser.newPage({
      viewport: { width: 1280, height: 800 },
      ...options,
    });
    const incidents: string[] = [];
    const url = pathToFileURL(path).href;
    page.on('console', (message) => incidents.push(message.text()));
    page.on('pageerror', (error) => incidents.push(String(error)));
    page.on('request', (request) => {
      if (request.url() !== url) incidents.push(request.url());
    });
    await page.goto(url);
    await drawn(page);
    return {
      page,
      incidents,
      [Symbol.asyncDispose]: () => browser.close(),
    };
  } catch (error) {
    await browser.close();
    throw error;
  }
}

/** Resolves when the page has drawn what it was asked to before. */
export async function drawn(page: Page): Promise<void> {
  await page.evaluate(
    'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))',
  );
}
