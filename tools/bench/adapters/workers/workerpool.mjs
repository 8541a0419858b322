import workerpool from 'workerpool';

const tasks = await import(process.argv[2] ?? '');
workerpool.worker({ ...tasks });
