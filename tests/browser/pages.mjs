// Every page, on a screen and on a phone: no axe violation, nothing in the console, nothing against the content security
// policy, no sideways scroll on the narrowest screen (WCAG 1.4.10).

import assert from 'node:assert/strict';
import { BASE, PASSWORD, choosePassword, run, signIn } from './desk.mjs';
import { HEIGHT, WIDTHS, flaws } from './flaws.mjs';

// Numbers as in tests/it/browser.rs.
const PAGES = {
  'queue': '/desk/queue',
  'queue with nothing to do': '/desk/queue?assignee=me',
  'queue with filters that nothing meets': '/desk/queue?q=inesistente&status=waiting',
  'work order in plain text, answer refused': '/desk/work-orders/2026-000001',
  'work order in HTML': '/desk/work-orders/2026-000002',
  'work order of an unknown sender': '/desk/work-orders/2026-000003',
  'work order, taxpayer searched': '/desk/work-orders/2026-000003?taxpayer_q=conti',
  'work order, closed': '/desk/work-orders/2026-000004',
  'work order by certified mail, receipts, a quoted answer': '/desk/work-orders/2026-000005',
  'work order by certified mail that nobody vouches for': '/desk/work-orders/2026-000006',
  'taxpayers': '/desk/taxpayers',
  'taxpayers, none found': '/desk/taxpayers?q=inesistente',
  'import': '/desk/taxpayers/import',
  'mailboxes': '/desk/admin/mailboxes',
  'mailbox, new': '/desk/admin/mailboxes/new',
  'mail log': '/desk/admin/mail',
  'mail log with filters that nothing meets': '/desk/admin/mail?outcome=discarded',
  'operators': '/desk/admin/operators',
  'operator, new': '/desk/admin/operators/new',
  'password': '/desk/password',
};

await run({ viewport: { width: WIDTHS[0], height: HEIGHT } }, async (page, complaints) => {
  const open = async (path, status = 200) => {
    const answer = await page.goto(BASE + path);
    assert.equal(answer.status(), status, path);
  };
  const look = async (name) => complaints.push(...(await flaws(page)).map((flaw) => `${name}, ${flaw}`));

  await open('/desk/login');
  await look('login');
  await signIn(page, 'sbagliata');
  await page.getByRole('alert').waitFor();
  await look('login, wrong password');
  await signIn(page, PASSWORD);
  await page.waitForURL('**/desk/password');
  await look('one-time password');
  await choosePassword(page);

  for (const [name, path] of Object.entries(PAGES)) {
    await open(path);
    await look(name);
  }
  for (const list of ['/desk/taxpayers', '/desk/admin/mailboxes', '/desk/admin/mail', '/desk/admin/operators']) {
    await open(list);
    await page.locator('.records__link').first().click();
    await page.waitForURL(`**${list}/*`);
    await look(`one of ${list}`);
  }
  await open('/desk/admin/mailboxes');
  await page.getByRole('link', { name: 'segreteria@ente.example' }).click();
  await page.getByRole('link', { name: 'Autorizza l’accesso' }).click();
  await page.waitForURL('**/grant');
  await look('mailbox, authorisation of the provider');
  await open('/desk/no-such-page', 404);
  await look('not found');

  await open('/desk/work-orders/2026-000001');
  await page.locator('#note summary').click();
  await sendAsItIs(page, '#note form');
  await look('work order, note without words');
  await sendAsItIs(page, '#reply form');
  await look('work order, reply without words');
  await open('/desk/work-orders/2026-000005');
  await page.getByText('Mostra tutto il messaggio').click();
  await look('work order, the whole message');
  await page.getByRole('link', { name: /^Apri / }).click();
  await page.getByRole('heading', { level: 1, name: 'Preventivo del giardiniere' }).waitFor();
  await look('enclosed mail');
  await open('/desk/admin/mail?outcome=quarantined');
  await page.locator('.records__link').first().click();
  await page.getByRole('heading', { name: 'Che cosa farne' }).waitFor();
  await look('mail in quarantine');
  await page.getByText('Scarta il messaggio').click();
  await sendAsItIs(page, 'form[action$="/discard"]');
  await look('mail in quarantine, put aside without a reason');
  await open('/desk/admin/mailboxes/new');
  await sendAsItIs(page, 'main form');
  await look('mailbox with errors');
  await open('/desk/taxpayers/import');
  const register = 'nome;codice utente;codice fiscale\nVerdi Anna;UT-9;\nRossi Bruno;UT-8;RCCMNL83S18D969A\n';
  await page.getByLabel('File CSV').setInputFiles({ name: 'registro.csv', mimeType: 'text/csv', buffer: Buffer.from(register) });
  await page.getByRole('button', { name: 'Importa' }).click();
  await page.getByRole('heading', { name: 'Esito' }).waitFor();
  await look('import, report');
});

/** Sends a form past the browser's own checks, so that the server's are seen. */
async function sendAsItIs(page, form) {
  await page.locator(form).evaluate((element) => { element.noValidate = true; });
  await page.locator(`${form} button[type=submit]`).first().click();
  await page.locator('main .alert-danger a[href^="#"]').first().waitFor();
}
