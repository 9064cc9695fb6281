// The stand-in for IO under PagoPA's own client, and what we send under PagoPA's own codecs: a third reading of the contract,
// made by neither side of ours.
//
//   node tests/io/contract.mjs stand-in            drives the stand-in at BASE with the SDK; every answer goes through its codecs
//   node tests/io/contract.mjs messages FILE…      each FILE is one JSON body of POST /messages
//   node tests/io/contract.mjs services FILE…      each FILE is one JSON body of POST or PUT /manage/services
//
// Environment of `stand-in`, from tests/it/io_stand_in.rs: BASE (http://host:port), USE_KEY, MANAGE_KEY, ON, OFF, ABSENT.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

// The scripts have no packages of their own: those of the front end's build are there already.
const require = createRequire(new URL('../../assets/', import.meta.url));
const SDK = '@pagopa/io-functions-services-sdk';
const { createClient } = require(`${SDK}/client`);
const { NewMessage } = require(`${SDK}/NewMessage`);
const { CmsServicePayload } = require(`${SDK}/CmsServicePayload`);
const { ProblemJson } = require(`${SDK}/ProblemJson`);
const { readableReport } = require('@pagopa/ts-commons/lib/reporters');

const { BASE, USE_KEY, MANAGE_KEY, ON, OFF, ABSENT } = process.env;

/** What a codec makes of a value, or the end. */
function decoded(codec, value, what) {
  const result = codec.decode(value);
  assert.equal(result._tag, 'Right', `${what}: ${result._tag === 'Left' && readableReport(result.left)}`);
  return result.right;
}

/** PagoPA's client, with the keys of the one or the other kind. */
class Io {
  static called = new Set();

  constructor(use = USE_KEY, manage = MANAGE_KEY) {
    this.client = createClient({
      baseUrl: BASE,
      basePath: '/api/v1',
      fetchApi: async (address, options) => {
        // The specification forgot the key of one operation, the history of a service, and so did the SDK.
        const headers = { 'Ocp-Apim-Subscription-Key': manage, ...options.headers };
        this.raw = await fetch(address, { ...options, headers });
        this.text = await this.raw.clone().text();
        return this.raw;
      },
      // The specification gives one header two names, one for each kind of key (trap 23).
      withDefaults: (run) => (params) => run({ SubscriptionKey: use, ManageSubscriptionKey: manage, ...params }),
    });
  }

  /** Calls an operation, wants this status, and gives what the SDK read of the answer. */
  async call(operation, params, status) {
    Io.called.add(operation);
    const result = await this.client[operation](params);
    assert.equal(this.raw.status, status, `${operation}: ${this.text}`);
    assert.equal(result._tag, 'Right', `${operation}: ${result._tag === 'Left' && readableReport(result.left)}`);
    return result.right.value;
  }

  /**
   * Where a message stands that has not arrived. Its content is missing, which the SDK's codec does not expect: the specification
   * has known it since 4.1, the SDK was made from 3.40. Of everything else it must have nothing to say.
   */
  async notArrived(params, status) {
    Io.called.add('getMessage');
    const result = await this.client.getMessage(params);
    assert.equal(this.raw.status, 200, this.text);
    const flaws = result._tag === 'Left' ? result.left : [];
    const others = flaws.filter(({ context }) => !context.some(({ key }) => key === 'content'));
    assert.deepEqual(readableReport(others), '', 'getMessage');
    const answer = JSON.parse(this.text);
    assert.deepEqual([answer.status, answer.message.content], [status, undefined]);
  }

  /** An error of the application: a problem, also where the specification says nothing about its body. */
  async problem(operation, params, status, title) {
    await this.client[operation](params);
    assert.equal(this.raw.status, status, `${operation}: ${this.text}`);
    assert.equal(this.raw.headers.get('content-type'), 'application/problem+json', operation);
    const problem = decoded(ProblemJson, JSON.parse(this.text), operation);
    assert.deepEqual([problem.status, problem.title], [status, title], operation);
  }
}

const later = (seconds) =>
  fetch(`${BASE}/stand-in/clock`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ seconds }),
  });

async function grant(groups) {
  const { institutions } = await (await fetch(`${BASE}/stand-in`)).json();
  const done = await fetch(`${BASE}/stand-in/institutions/${institutions[0].id}/groups`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify([...institutions[0].groups, ...groups]),
  });
  assert.equal(done.status, 204);
}

const TEXT = 'La tua segnalazione è stata presa in carico. Ti scriveremo quando ci saranno novità, oppure segui il link.';
const MESSAGE = {
  fiscal_code: ON,
  content: {
    subject: 'La tua segnalazione è stata presa in carico',
    markdown: TEXT,
    due_date: '2027-01-12T22:59:59.000Z',
    payment_data: { amount: 1250, notice_number: '301000000000000001', invalid_after_due_date: true },
  },
};
const SERVICE = {
  name: 'Raccolta differenziata dei rifiuti',
  description: 'Ricevi avvisi sulle variazioni della raccolta.',
  organization: { name: 'Ambiente Valle Serena S.p.A.', fiscal_code: '01234567897' },
  require_secure_channel: true,
  authorized_cidrs: ['127.0.0.0/8'],
  metadata: { scope: 'LOCAL', topic_id: 4, privacy_url: 'https://valleserena.example/privacy', pec: 'valleserena@pec.example' },
};
const PICTURE = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC';

async function messages(io) {
  const profile = await io.call('getProfileByPOST', { payload: { fiscal_code: ON } }, 200);
  assert.deepEqual([profile.sender_allowed, profile.preferred_languages], [true, ['it_IT']]);
  assert.equal((await io.call('getProfile', { fiscal_code: OFF }, 200)).sender_allowed, false);
  await io.problem('getProfileByPOST', { payload: { fiscal_code: ABSENT } }, 404, 'Profile not found');
  await io.problem('getProfileByPOST', { payload: { fiscal_code: 'x' } }, 400, 'Invalid FiscalCodePayload');

  const message = decoded(NewMessage, MESSAGE, 'our message');
  const { id } = await io.call('submitMessageforUserWithFiscalCodeInBody', { message }, 201);
  assert.equal(io.raw.headers.get('location'), `/api/v1/messages/${ON}/${id}`);
  await io.notArrived({ fiscal_code: ON, id }, 'ACCEPTED');
  await later(60);
  const arrived = await io.call('getMessage', { fiscal_code: ON, id }, 200);
  assert.equal(arrived.status, 'PROCESSED');
  assert.equal(arrived.message.content.due_date.toISOString(), MESSAGE.content.due_date);
  assert.equal(arrived.message.content.payment_data.payee.fiscal_code, SERVICE.organization.fiscal_code);

  const { content } = MESSAGE;
  // Of this answer the SDK reads the status only: the specification writes its body out instead of naming it.
  await io.call('submitMessageforUser', { fiscal_code: OFF, message: { content } }, 201);
  const refused = io.raw.headers.get('location').split('/').pop();
  await later(60);
  await io.notArrived({ fiscal_code: OFF, id: refused }, 'REJECTED');

  const send = 'submitMessageforUserWithFiscalCodeInBody';
  const short = { ...MESSAGE, content: { ...content, subject: 'Ticket 12' } };
  assert.equal(NewMessage.decode(short)._tag, 'Left', 'the SDK refuses it, too');
  await io.problem(send, { message: short }, 400, 'Invalid message structure');
  await io.problem(send, { message: { content } }, 400, 'Bad parameters');
  await io.problem(send, { message: { ...MESSAGE, feature_level_type: 'ADVANCED' } }, 403, 'You are not allowed here');
  const dear = { ...content, payment_data: { ...content.payment_data, amount: 1_000_001 } };
  await io.problem(send, { message: { ...MESSAGE, content: dear } }, 400, 'Error while sending payment metadata');
  await io.problem('getMessage', { fiscal_code: OFF, id }, 404, 'Message not found');
  await io.call('uploadOrganizationLogo', { organization_fiscal_code: '01234567897', body: { logo: PICTURE } }, 202);
}

async function services(io) {
  const { topics } = await io.call('getServiceTopics', {}, 200);
  assert.equal(topics.find(({ id }) => id === 4).name, 'Casa e utenze');
  const draft = await io.call('cmsCreateService', { body: decoded(CmsServicePayload, SERVICE, 'our service') }, 201);
  assert.deepEqual([draft.status.value, draft.metadata.topic.id], ['draft', 4]);
  const serviceId = draft.id;
  assert.equal((await io.call('cmsGetServices', { limit: 99, offset: 0 }, 200)).pagination.count, 2);
  await io.problem('cmsGetServices', { limit: 100 }, 400, 'Invalid integer'); // trap 16
  const keys = await io.call('cmsGetServiceKeys', { serviceId }, 200);
  const renewed = await io.call('cmsRegenerateServiceKey', { serviceId, keyType: 'primary' }, 200);
  assert.notEqual(renewed.primary_key, keys.primary_key);
  assert.equal(renewed.secondary_key, keys.secondary_key);
  await io.call('cmsUpdateServiceLogo', { serviceId, body: { logo: PICTURE } }, 204);
  await io.problem('cmsUpdateServiceLogo', { serviceId, body: { logo: 'AAAA' } }, 400, 'Image not valid');

  await io.problem('cmsGetPublishedService', { serviceId }, 404, 'Not found');
  await io.call('cmsReviewService', { serviceId, body: { auto_publish: false } }, 204);
  await io.problem('cmsReviewService', { serviceId, body: { auto_publish: false } }, 409, 'Conflict');
  await io.problem('cmsUpdateService', { serviceId, body: SERVICE }, 409, 'Conflict');
  await later(60);
  const approved = await io.call('cmsGetService', { serviceId }, 200);
  assert.deepEqual([approved.status.value, approved.max_allowed_payment_amount], ['approved', 1_000_000]);
  assert.equal((await io.call('cmsGetPublishedService', { serviceId }, 200)).status, 'unpublished');
  await io.call('cmsReleaseService', { serviceId }, 204);
  assert.equal((await io.call('cmsGetPublishedService', { serviceId }, 200)).status, 'published');
  await io.call('cmsUnpublishService', { serviceId }, 204);

  const renamed = { ...SERVICE, name: '  Raccolta rifiuti  ' };
  assert.equal((await io.call('cmsUpdateService', { serviceId, body: renamed }, 200)).name, 'Raccolta rifiuti');
  const history = await io.call('cmsGetServiceHistory', { serviceId, order: 'ASC', limit: 99 }, 200);
  const values = history.items.map(({ status }) => status.value);
  assert.deepEqual(values, ['draft', 'submitted', 'approved', 'unpublished', 'published', 'unpublished', 'draft']);
  await io.call('cmsDeleteService', { serviceId }, 204);
  assert.equal((await io.call('cmsGetService', { serviceId }, 200)).status.value, 'deleted');
  await io.problem('cmsGetServiceKeys', { serviceId }, 404, 'Not found');
  const unknown = { ...SERVICE, metadata: { ...SERVICE.metadata, topic_id: 99 } };
  await io.problem('cmsCreateService', { body: unknown }, 400, 'Bad Request');
}

async function configurations(io) {
  const body = {
    name: 'Segnalazioni',
    description: 'Testi delle segnalazioni',
    has_precondition: 'NEVER',
    disable_lollipop_for: [],
    is_lollipop_enabled: false,
    prod_environment: {
      base_url: 'https://valleserena.example/io',
      details_authentication: { header_key_name: 'X-Api-Key', key: 'segreto', type: 'API-KEY' },
    },
  };
  await io.client.createRCConfiguration({ body });
  assert.deepEqual([io.raw.status, io.text], [403, ''], 'the gateway says no word');
  await grant(['ApiRemoteContentConfigurationWrite', 'ApiThirdPartyMessageWrite']);
  const made = await io.call('createRCConfiguration', { body }, 201);
  const configurationId = made.configuration_id;
  await io.call('updateRCConfiguration', { configurationId, body: { ...body, name: 'Reclami' } }, 204);
  assert.equal((await io.call('getRCConfiguration', { configurationId }, 200)).name, 'Reclami');
  const { rcConfigList } = await io.call('listRCConfiguration', {}, 200);
  assert.equal(rcConfigList.length, 1);
  assert.ok(rcConfigList[0].user_id);
  const absent = '01ARZ3NDEKTSV4RRFFQ69G5FAV';
  await io.problem('getRCConfiguration', { configurationId: absent }, 404, 'Configuration not found');

  const remote = (third_party_data) => ({ message: { ...MESSAGE, content: { ...MESSAGE.content, third_party_data } } });
  const send = 'submitMessageforUserWithFiscalCodeInBody';
  await io.call(send, remote({ id: '1', configuration_id: configurationId, has_remote_content: true }), 201);
  await io.problem(send, remote({ id: '1' }), 403, 'No configuration id for remote content');
  await io.problem(send, remote({ id: '1', configuration_id: absent }), 404, 'Remote Content Configuration NOT FOUND');
  const attached = remote({ id: '1', configuration_id: configurationId, has_attachments: true });
  await io.problem(send, attached, 403, 'Attachments call forbidden');
}

/** The gateway's own refusals, of which the SDK reads the status and no more. */
async function gateway(io) {
  const payload = { fiscal_code: ON };
  await io.call('getProfileByPOST', { SubscriptionKey: 'nobody', payload }, 401);
  const swapped = new Io(MANAGE_KEY, USE_KEY);
  await swapped.problem('getProfileByPOST', { payload }, 403, 'You are not allowed here');
  await swapped.problem('cmsGetServices', {}, 403, 'You are not allowed here');
  for (const path of ['/api/v1/message', '/api/v1/profiles']) {
    const wrong = await fetch(BASE + path, { headers: { 'ocp-apim-subscription-key': USE_KEY } });
    assert.deepEqual([wrong.status, await wrong.json()], [404, { statusCode: 404, message: 'Resource not found' }]);
    assert.equal(wrong.headers.get('content-type'), 'application/json');
  }
}

/** The SDK has these, and the stand-in has not: national bodies and special services only. */
const ELSEWHERE = ['getSubscriptionsFeedForDate', 'getServiceActivationByPOST', 'upsertServiceActivation'];

async function standIn() {
  const io = new Io();
  for (const walk of [messages, services, configurations, gateway]) {
    await walk(io);
    await later(5); // the budget of calls
  }
  const forgotten = Object.keys(io.client).filter((name) => ![...Io.called, ...ELSEWHERE].includes(name));
  assert.deepEqual(forgotten, [], 'operations of the SDK that nobody called');
}

const [what, ...files] = process.argv.slice(2);

/** Fields that the SDK is too old to know, and those of answers of tomorrow, which go back to IO as they came. */
const UNKNOWN_TO_THE_SDK = ['suitable_for_minors', 'announced_tomorrow'];

/** Names of fields that a codec has dropped without a word, as IO would: a name that was spelt wrong is one. */
function dropped(sent, read, at = '') {
  if (sent === null || typeof sent !== 'object') return [];
  return Object.entries(sent).flatMap(([name, value]) => {
    if (UNKNOWN_TO_THE_SDK.includes(name)) return [];
    return name in read ? dropped(value, read[name], `${at}${name}.`) : [at + name];
  });
}

function bodies(codec) {
  assert.ok(files.length > 0, 'no files');
  for (const file of files) {
    const sent = JSON.parse(readFileSync(file, 'utf8'));
    assert.deepEqual(dropped(sent, codec.encode(decoded(codec, sent, file))), [], `${file}: fields that IO drops`);
  }
}

switch (what) {
  case 'stand-in':
    await standIn();
    break;
  case 'messages':
    bodies(NewMessage);
    break;
  case 'services':
    bodies(CmsServicePayload);
    break;
  default:
    throw new Error(`${what}: stand-in, messages or services`);
}
