"""Times ONNX files of one network in turns in one process: python scripts/time_onnx.py RUNS FILE FILE ...

Two threads on the CPU, a random input, after a run that is not counted. Prints each file's nodes, the largest difference
of its output from the first one's, and the median over the turns of the last one's time divided by its own.
"""

import sys
import time

import numpy as np
import onnx
import onnxruntime

if __name__ == "__main__":
    runs, files = int(sys.argv[1]), sys.argv[2:]
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 2
    sessions = [onnxruntime.InferenceSession(file, options, ["CPUExecutionProvider"]) for file in files]
    shape = sessions[0].get_inputs()[0].shape
    image = np.random.default_rng(0).random(shape, dtype=np.float32)

    def run(session):
        begun = time.perf_counter()
        (output,) = session.run(None, {session.get_inputs()[0].name: image})
        return output, time.perf_counter() - begun

    outputs = [run(session)[0] for session in sessions]
    times = np.array([[run(session)[1] for session in sessions] for _ in range(runs)])
    for index, file in enumerate(files):
        nodes = len(onnx.load(file, load_external_data=False).graph.node)
        difference = np.abs(outputs[index] - outputs[0]).max()
        ratio = np.median(times[:, -1] / times[:, index])
        print(f"{file}: {nodes} nodes, difference {difference:.1e}, {np.median(times[:, index]):.2f} s, last / this {ratio:.2f}")
