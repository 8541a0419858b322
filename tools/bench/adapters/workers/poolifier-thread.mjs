import { ThreadWorker } from 'poolifier';

const tasks = await import(process.argv[2] ?? '');
export default new ThreadWorker({ ...tasks });
