// What all scripts need: a browser that notices everything a page complains about, and the way in.
//
// Environment, from tests/it/browser.rs: BASE, CHROMIUM, LOGIN, PASSWORD (the one-time password of LOGIN).

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';

// The scripts have no packages of their own: those of the front end's build are there already.
export const require = createRequire(new URL('../../assets/', import.meta.url));
const { chromium } = require('playwright-core');

export const { BASE, LOGIN, PASSWORD } = process.env;
export const NEW_PASSWORD = 'cavallo batteria graffetta';

const FLAGS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
  // Every organisation with a host of its own is this machine.
  '--host-resolver-rules=MAP *.example 127.0.0.1',
];
/** For one step, on a machine that is busy with other tests. */
const PATIENCE_MS = 20_000;

/** Runs `walk` in a fresh browser and ends the process: with an error if the walk failed or a page complained. */
export async function run(options, walk) {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: FLAGS });
  const complaints = [];
  try {
    const context = await browser.newContext({ locale: 'it-IT', reducedMotion: 'reduce', ...options });
    context.setDefaultTimeout(PATIENCE_MS);
    await context.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', (event) => {
        console.error(`CSP: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
      });
    });
    const page = await context.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error' && !isAnswer(message)) complaints.push(`${page.url()}: ${message.text()}`);
    });
    page.on('pageerror', (error) => complaints.push(`${page.url()}: ${error}`));
    page.on('response', (answer) => {
      if (answer.status() >= 500) complaints.push(`${answer.url()}: ${answer.status()}`);
    });
    await walk(page, complaints).catch(async (cause) => {
      throw new Error(`at ${page.url()}, which says: ${await words(page)}\n${complaints.join('\n')}`, { cause });
    });
    assert.deepEqual(complaints, []);
  } finally {
    await browser.close();
  }
}

/** Chromium also logs that a page came as 404 or 422: which pages may, is the walk's to say. */
function isAnswer(message) {
  return /status of 4\d\d/.test(message.text()) && !message.location().url.includes('/assets/');
}

async function words(page) {
  const text = await page.locator('main').innerText({ timeout: 1000 }).catch(() => 'nothing');
  return text.replace(/\s+/g, ' ').slice(0, 2000);
}

export async function signIn(page, password) {
  await page.getByLabel('Nome utente').fill(LOGIN);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Accedi' }).click();
}

/** The one-time password opens this page only. */
export async function choosePassword(page) {
  await page.getByLabel('Password attuale').fill(PASSWORD);
  await page.getByLabel('Nuova password', { exact: true }).fill(NEW_PASSWORD);
  await page.getByLabel('Ripeti la nuova password').fill(NEW_PASSWORD);
  await page.getByRole('button', { name: 'Cambia la password' }).click();
  await page.waitForURL('**/desk/queue*');
}
