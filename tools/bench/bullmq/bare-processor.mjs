// Runs a job of BullMQ alone: in the event loop of its worker, or as a file in its threads.
import * as functions from './functions.mjs';

/** Bytes can only go as text in JSON. @type {Record<string, (...args: any[]) => unknown>} */
const byName = {
  add: functions.add,
  echo: functions.echo,
  lengthOf: (text) => functions.lengthOf(Buffer.from(text, 'base64')),
};

/** @param {{ name: string, data: { args: unknown[] } }} job */
export default async function process({ name, data }) {
  return byName[name]?.(...data.args);
}
