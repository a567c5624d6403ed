// Has ONNX Runtime run models: jobs as JSON come in, a message for each goes out, and the
// outputs go to files beside the models.
const fs = require('fs');
const ort = require('onnxruntime-node');

// rows runs the first n rows of the input.
async function rows(session, job, input, n) {
  const tensor = new ort.Tensor(job.type, input.slice(0, n * job.in), [n, job.in]);
  const { output } = await session.run({ input: tensor });
  if (output.dims.join() !== [n, job.out].join()) {
    throw new Error(`output of ${output.dims}, want ${n},${job.out}`);
  }
  return output.data;
}

async function infer(job, level) {
  const bytes = fs.readFileSync(job.path + '.in');
  const kind = job.type === 'float32' ? Float32Array : Float64Array;
  const input = new kind(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  const session = await ort.InferenceSession.create(job.path, { graphOptimizationLevel: level, intraOpNumThreads: 1 });
  const output = await rows(session, job, input, job.rows);
  output.set(await rows(session, job, input, 1)); // the first row is that of a batch of one
  fs.writeFileSync(job.path + '.' + level, Buffer.from(output.buffer, output.byteOffset, output.byteLength));
}

(async () => {
  const messages = [];
  for (const job of JSON.parse(fs.readFileSync(0))) {
    try {
      await infer(job, 'disabled');
      await infer(job, 'all');
      messages.push('');
    } catch (e) {
      messages.push(e + '\n');
    }
  }
  fs.writeSync(1, JSON.stringify(messages));
})();
