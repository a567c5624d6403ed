# Has the onnx package check models: jobs as JSON come in, a message for each goes out.
import json
import sys

import onnx
from onnx import TensorProto, checker, shape_inference

CODES = {"float32": TensorProto.FLOAT, "float64": TensorProto.DOUBLE}


def value(v):
    kind = v.type.tensor_type
    return kind.elem_type, [d.dim_param or d.dim_value for d in kind.shape.dim]


def demand(what, got, want):
    if got != want:
        raise ValueError(f"{what}: {got}, want {want}")


def check(job):
    model = onnx.load(job["path"])
    checker.check_model(model, full_check=True)
    # The output's shape is inferred, rather than compared with what the file says.
    bare = onnx.ModelProto()
    bare.CopyFrom(model)
    bare.graph.output[0].type.tensor_type.ClearField("shape")
    for graph in (model.graph, shape_inference.infer_shapes(bare, check_type=True, strict_mode=True).graph):
        demand("inputs", [value(v) for v in graph.input], [(CODES[job["type"]], ["batch", job["in"]])])
        demand("outputs", [value(v) for v in graph.output], [(CODES[job["type"]], ["batch", job["out"]])])
    demand("metadata", [(p.key, p.value) for p in model.metadata_props],
           [(f"class.{i}", name) for i, name in enumerate(job["classes"])])
    # Nothing was lost on the way: the same messages give the same number of bytes.
    demand("size", model.ByteSize(), len(open(job["path"], "rb").read()))


messages = []
for job in json.load(sys.stdin):
    try:
        check(job)
        messages.append("")
    except Exception as e:
        messages.append(f"{type(e).__name__}: {e}\n")
json.dump(messages, sys.stdout)
