# %% grade_id="tensors" mistake="stacked-as-rows" fails=["test-tensors-1", "test-tensors-2"]
v1 = torch.tensor([[1.0], [2.0]])
v2 = torch.tensor([[-2.0], [-1.0]])
A = torch.tensor([[1.0, -1.0], [0.0, 1.0]])
V = torch.cat([v1.T, v2.T])
hadamard = A * V
matrix_product = A @ V

# %% grade_id="tensors" mistake="integer-tensor" fails=["test-tensors-1", "test-tensors-2"]
v1 = torch.tensor([[1], [2]])
v2 = torch.tensor([[-2], [-1]])
A = torch.tensor([[1, -1], [0, 1]])
V = torch.cat([v1, v2], dim=1)
hadamard = A * V
matrix_product = A @ V

# %% grade_id="tensors" mistake="products-mixed-up" fails=["test-tensors-2"]
v1 = torch.tensor([[1.0], [2.0]])
v2 = torch.tensor([[-2.0], [-1.0]])
A = torch.tensor([[1.0, -1.0], [0.0, 1.0]])
V = torch.cat([v1, v2], dim=1)
hadamard = A @ V
matrix_product = A * V

# %% grade_id="tensors" mistake="factors-exchanged" fails=["test-tensors-2"]
v1 = torch.tensor([[1.0], [2.0]])
v2 = torch.tensor([[-2.0], [-1.0]])
A = torch.tensor([[1.0, -1.0], [0.0, 1.0]])
V = torch.cat([v1, v2], dim=1)
hadamard = A * V
matrix_product = V @ A

# %% grade_id="squared-distance" mistake="root-taken" fails=["test-squared-distance"]
def squared_distance(v1, v2):
    return ((v1 - v2) ** 2).sum().sqrt()

# %% grade_id="squared-distance" mistake="mean-not-sum" fails=["test-squared-distance"]
def squared_distance(v1, v2):
    return ((v1 - v2) ** 2).mean()

# %% grade_id="squared-distance" mistake="graph-cut" fails=["test-squared-distance"]
def squared_distance(v1, v2):
    return torch.tensor(((v1 - v2) ** 2).sum().item())

# %% grade_id="squared-distance" mistake="not-a-scalar" fails=["test-squared-distance"]
def squared_distance(v1, v2):
    return (v1 - v2).T @ (v1 - v2)

# %% grade_id="squared-distance" mistake="norm-used" fails=["test-squared-distance"]
def squared_distance(v1, v2):
    return torch.norm(v1 - v2) ** 2

# %% grade_id="sigmoid-neuron-graph" mistake="missing-minus" fails=["test-sigmoid-neuron-graph"]
def sigmoid_neuron_graph():
    graph = nx.MultiDiGraph()
    for name in ("w0", "x0", "w1", "x1", "w2"):
        add_variable(graph, name)
    add_variable(graph, "one", value=1)
    add_operation(graph, "*", ["w0", "x0"], "z1")
    add_operation(graph, "*", ["w1", "x1"], "z2")
    add_operation(graph, "+", ["z1", "z2"], "z3")
    add_operation(graph, "+", ["z3", "w2"], "z4")
    add_operation(graph, "exp", ["z4"], "z6")
    add_operation(graph, "+", ["one", "z6"], "z7")
    add_operation(graph, "/", ["one", "z7"], "f")
    return graph

# %% grade_id="sigmoid-neuron-graph" mistake="wrong-edges" fails=["test-sigmoid-neuron-graph"]
def sigmoid_neuron_graph():
    graph = nx.MultiDiGraph()
    for name in ("w0", "x0", "w1", "x1", "w2"):
        add_variable(graph, name)
    add_variable(graph, "one", value=1)
    add_operation(graph, "*", ["w0", "x1"], "z1")
    add_operation(graph, "*", ["w1", "x0"], "z2")
    add_operation(graph, "+", ["z1", "z2"], "z3")
    add_operation(graph, "+", ["z3", "w2"], "z4")
    add_operation(graph, "neg", ["z4"], "z5")
    add_operation(graph, "exp", ["z5"], "z6")
    add_operation(graph, "+", ["one", "z6"], "z7")
    add_operation(graph, "/", ["one", "z7"], "f")
    return graph

# %% grade_id="sigmoid-neuron-graph" mistake="quotient-reversed" fails=["test-sigmoid-neuron-graph"]
def sigmoid_neuron_graph():
    graph = nx.MultiDiGraph()
    for name in ("w0", "x0", "w1", "x1", "w2"):
        add_variable(graph, name)
    add_variable(graph, "one", value=1)
    add_operation(graph, "*", ["w0", "x0"], "z1")
    add_operation(graph, "*", ["w1", "x1"], "z2")
    add_operation(graph, "+", ["z1", "z2"], "z3")
    add_operation(graph, "+", ["z3", "w2"], "z4")
    add_operation(graph, "neg", ["z4"], "z5")
    add_operation(graph, "exp", ["z5"], "z6")
    add_operation(graph, "+", ["one", "z6"], "z7")
    add_operation(graph, "/", ["z7", "one"], "f")
    return graph

# %% grade_id="sigmoid-neuron-graph" mistake="several-sinks" fails=["test-sigmoid-neuron-graph"]
def sigmoid_neuron_graph():
    graph = nx.MultiDiGraph()
    for name in ("w0", "x0", "w1", "x1", "w2"):
        add_variable(graph, name)
    add_variable(graph, "one", value=1)
    add_operation(graph, "*", ["w0", "x0"], "z1")
    add_operation(graph, "*", ["w1", "x1"], "z2")
    add_operation(graph, "+", ["z1", "z2"], "z3")
    add_operation(graph, "neg", ["z3"], "z5")
    add_operation(graph, "exp", ["z5"], "z6")
    add_operation(graph, "+", ["one", "z6"], "z7")
    add_operation(graph, "/", ["one", "z7"], "f")
    return graph

# %% grade_id="sigmoid-neuron-graph" mistake="missing-position" fails=["test-sigmoid-neuron-graph"]
def sigmoid_neuron_graph():
    graph = nx.MultiDiGraph()
    for name in ("w0", "x0", "w1", "x1", "w2"):
        add_variable(graph, name)
    add_variable(graph, "one", value=1)
    add_operation(graph, "*", ["w0", "x0"], "z1")
    add_operation(graph, "*", ["w1", "x1"], "z2")
    add_operation(graph, "+", ["z1", "z2"], "z3")
    add_operation(graph, "+", ["z3", "w2"], "z4")
    add_operation(graph, "neg", ["z4"], "z5")
    add_operation(graph, "exp", ["z5"], "z6")
    add_operation(graph, "+", ["one", "z6"], "z7")
    graph.add_node("quotient", kind="operation", op="/")
    graph.add_edge("one", "quotient")
    graph.add_edge("z7", "quotient")
    add_variable(graph, "f")
    graph.add_edge("quotient", "f")
    return graph

# %% grade_id="sigmoid-neuron-graph" mistake="cycle" fails=["test-sigmoid-neuron-graph"]
def sigmoid_neuron_graph():
    graph = nx.MultiDiGraph()
    for name in ("w0", "x0", "w1", "x1", "w2"):
        add_variable(graph, name)
    add_variable(graph, "one", value=1)
    add_operation(graph, "*", ["w0", "x0"], "z1")
    add_operation(graph, "*", ["w1", "x1"], "z2")
    add_operation(graph, "+", ["z1", "z2"], "z3")
    graph.add_node("add bias", kind="operation", op="+")
    graph.add_edge("z3", "add bias", position=0)
    graph.add_edge("w2", "add bias", position=1)
    graph.add_node("change sign", kind="operation", op="neg")
    add_variable(graph, "z4")
    graph.add_edge("z4", "change sign", position=0)
    graph.add_edge("change sign", "z4")
    add_operation(graph, "exp", ["z4"], "z6")
    add_operation(graph, "+", ["one", "z6"], "z7")
    add_operation(graph, "/", ["one", "z7"], "z8")
    add_operation(graph, "+", ["z8", "add bias"], "f")
    return graph

# %% grade_id="sigmoid-neuron-graph" mistake="unknown-operation" fails=["test-sigmoid-neuron-graph"]
def sigmoid_neuron_graph():
    graph = nx.MultiDiGraph()
    for name in ("w0", "x0", "w1", "x1", "w2"):
        add_variable(graph, name)
    add_operation(graph, "*", ["w0", "x0"], "z1")
    add_operation(graph, "*", ["w1", "x1"], "z2")
    add_operation(graph, "+", ["z1", "z2"], "z3")
    add_operation(graph, "+", ["z3", "w2"], "z4")
    add_operation(graph, "sigmoid", ["z4"], "f")
    return graph

# %% grade_id="forward-values" mistake="missing-minus" fails=["test-forward-values", "test-backward-values"]
def forward_values(w1, x1, w2, x2, f_star):
    z1, z2 = w1 * x1, w2 * x2
    z3 = z1 + z2
    f = np.exp(z3)
    return {"z1": z1, "z2": z2, "z3": z3, "z4": -z3, "f": f, "e": f - f_star}

# %% grade_id="forward-values" mistake="error-sign" fails=["test-forward-values"]
def forward_values(w1, x1, w2, x2, f_star):
    z1, z2 = w1 * x1, w2 * x2
    z3 = z1 + z2
    f = np.exp(-z3)
    return {"z1": z1, "z2": z2, "z3": z3, "z4": -z3, "f": f, "e": f_star - f}

# %% grade_id="forward-values" mistake="rounded-too-early" fails=["test-forward-values", "test-backward-values"]
def forward_values(w1, x1, w2, x2, f_star):
    z1, z2 = w1 * x1, w2 * x2
    z3 = z1 + z2
    f = round(np.exp(-z3), 2)
    return {"z1": z1, "z2": z2, "z3": z3, "z4": -z3, "f": f, "e": f - f_star}

# %% grade_id="backward-values" mistake="rounded-too-early" fails=["test-backward-values"]
def backward_values(w1, x1, w2, x2, f_star):
    f = round(np.exp(-(w1 * x1 + w2 * x2)))
    return {"f": 1.0, "w1": -x1 * f, "x1": -w1 * f, "w2": -x2 * f, "x2": -w2 * f}

# %% grade_id="backward-values" mistake="factor-f-missing" fails=["test-backward-values"]
def backward_values(w1, x1, w2, x2, f_star):
    return {"f": 1.0, "w1": -x1, "x1": -w1, "w2": -x2, "x2": -w2}

# %% grade_id="backward-values" mistake="error-sign" fails=["test-backward-values"]
def backward_values(w1, x1, w2, x2, f_star):
    f = np.exp(-(w1 * x1 + w2 * x2))
    return {"f": -1.0, "w1": x1 * f, "x1": w1 * f, "w2": x2 * f, "x2": w2 * f}

# %% grade_id="backward-values" mistake="missing-minus" fails=["test-backward-values"]
def backward_values(w1, x1, w2, x2, f_star):
    f = np.exp(-(w1 * x1 + w2 * x2))
    return {"f": 1.0, "w1": x1 * f, "x1": w1 * f, "w2": x2 * f, "x2": w2 * f}

# %% grade_id="backward-values" mistake="factors-exchanged" fails=["test-backward-values"]
def backward_values(w1, x1, w2, x2, f_star):
    f = np.exp(-(w1 * x1 + w2 * x2))
    return {"f": 1.0, "w1": -w1 * f, "x1": -x1 * f, "w2": -w2 * f, "x2": -x2 * f}

# %% grade_id="backward-values" mistake="squared-error" fails=["test-backward-values"]
def backward_values(w1, x1, w2, x2, f_star):
    f = np.exp(-(w1 * x1 + w2 * x2))
    e = f - f_star
    return {"f": e, "w1": -x1 * f * e, "x1": -w1 * f * e, "w2": -x2 * f * e, "x2": -w2 * f * e}

# %% grade_id="backward-values" mistake="result-rounded" fails=["test-backward-values"]
def backward_values(w1, x1, w2, x2, f_star):
    f = np.exp(-(w1 * x1 + w2 * x2))
    slopes = {"f": 1.0, "w1": -x1 * f, "x1": -w1 * f, "w2": -x2 * f, "x2": -w2 * f}
    return {name: round(slope, 4) for name, slope in slopes.items()}

# %% grade_id="value" mistake="operands-exchanged" fails=["test-value-1", "test-value-2", "test-value-3"]
class Value:
    def __init__(self, data, parents=(), op=None):
        self.data = data
        self.grad = 0.0
        self.parents = parents
        self.op = op
        self.operands, self.slopes = parents, ()
        self.push = lambda: None

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data + other.data, (self, other), "+")

        def push():
            self.grad += out.grad
            other.grad += out.grad

        out.push = push
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other), "*")

        def push():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out.push = push
        return out

    def __pow__(self, other):
        base, other = self, other if isinstance(other, Value) else Value(other)
        out = Value(base.data**other.data, (base, other), "pow")

        def push():
            base.grad += other.data * base.data ** (other.data - 1) * out.grad
            if base.data > 0:
                other.grad += out.data * np.log(base.data) * out.grad

        out.push = push
        return out

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + (-other)

    def __truediv__(self, other):
        return self * (other if isinstance(other, Value) else Value(other)) ** -1

    def __radd__(self, number):
        return self + number

    def __rmul__(self, number):
        return self * number

    def __rsub__(self, number):
        return self - number

    def __rtruediv__(self, number):
        return self**-1 * number

    def __rpow__(self, number):
        return Value(number) ** self

    def exp(self):
        out = Value(np.exp(self.data), (self,), "exp")

        def push():
            self.grad += out.data * out.grad

        out.push = push
        return out

    def tanh(self):
        out = Value(np.tanh(self.data), (self,), "tanh")

        def push():
            self.grad += (1 - out.data**2) * out.grad

        out.push = push
        return out

    def relu(self):
        out = Value(max(self.data, 0.0), (self,), "relu")

        def push():
            self.grad += (self.data > 0) * out.grad

        out.push = push
        return out

    def backward(self):
        order, seen = [], set()

        def visit(value):
            if value not in seen:
                seen.add(value)
                for parent in value.parents:
                    visit(parent)
                order.append(value)

        visit(self)
        self.grad = 1.0
        for value in reversed(order):
            value.push()

# %% grade_id="value" mistake="number-on-the-left" fails=["test-value-1", "test-value-2", "test-value-3"]
class Value:
    def __init__(self, data, parents=(), op=None):
        self.data = data
        self.grad = 0.0
        self.parents = parents
        self.op = op
        self.operands, self.slopes = parents, ()
        self.push = lambda: None

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data + other.data, (self, other), "+")

        def push():
            self.grad += out.grad
            other.grad += out.grad

        out.push = push
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other), "*")

        def push():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out.push = push
        return out

    def __pow__(self, other):
        base, other = self, other if isinstance(other, Value) else Value(other)
        out = Value(base.data**other.data, (base, other), "pow")

        def push():
            base.grad += other.data * base.data ** (other.data - 1) * out.grad
            if base.data > 0:
                other.grad += out.data * np.log(base.data) * out.grad

        out.push = push
        return out

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + (-other)

    def __truediv__(self, other):
        return self * (other if isinstance(other, Value) else Value(other)) ** -1

    def __radd__(self, number):
        return self + number

    def __rmul__(self, number):
        return self * number

    def __rsub__(self, number):
        return -self + number

    def __rpow__(self, number):
        return Value(number) ** self

    def exp(self):
        out = Value(np.exp(self.data), (self,), "exp")

        def push():
            self.grad += out.data * out.grad

        out.push = push
        return out

    def tanh(self):
        out = Value(np.tanh(self.data), (self,), "tanh")

        def push():
            self.grad += (1 - out.data**2) * out.grad

        out.push = push
        return out

    def relu(self):
        out = Value(max(self.data, 0.0), (self,), "relu")

        def push():
            self.grad += (self.data > 0) * out.grad

        out.push = push
        return out

    def backward(self):
        order, seen = [], set()

        def visit(value):
            if value not in seen:
                seen.add(value)
                for parent in value.parents:
                    visit(parent)
                order.append(value)

        visit(self)
        self.grad = 1.0
        for value in reversed(order):
            value.push()

# %% grade_id="value" mistake="number-not-wrapped" fails=["test-value-1", "test-value-2", "test-value-3", "test-trace"]
class Value:
    def __init__(self, data, parents=(), op=None):
        self.data = data
        self.grad = 0.0
        self.parents = parents
        self.op = op
        self.operands, self.slopes = parents, ()
        self.push = lambda: None

    def __add__(self, other):
        out = Value(self.data + other.data, (self, other), "+")

        def push():
            self.grad += out.grad
            other.grad += out.grad

        out.push = push
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other), "*")

        def push():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out.push = push
        return out

    def __pow__(self, other):
        base, other = self, other if isinstance(other, Value) else Value(other)
        out = Value(base.data**other.data, (base, other), "pow")

        def push():
            base.grad += other.data * base.data ** (other.data - 1) * out.grad
            if base.data > 0:
                other.grad += out.data * np.log(base.data) * out.grad

        out.push = push
        return out

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + (-other)

    def __truediv__(self, other):
        return self * (other if isinstance(other, Value) else Value(other)) ** -1

    def __radd__(self, number):
        return self + number

    def __rmul__(self, number):
        return self * number

    def __rsub__(self, number):
        return -self + number

    def __rtruediv__(self, number):
        return self**-1 * number

    def __rpow__(self, number):
        return Value(number) ** self

    def exp(self):
        out = Value(np.exp(self.data), (self,), "exp")

        def push():
            self.grad += out.data * out.grad

        out.push = push
        return out

    def tanh(self):
        out = Value(np.tanh(self.data), (self,), "tanh")

        def push():
            self.grad += (1 - out.data**2) * out.grad

        out.push = push
        return out

    def relu(self):
        out = Value(max(self.data, 0.0), (self,), "relu")

        def push():
            self.grad += (self.data > 0) * out.grad

        out.push = push
        return out

    def backward(self):
        order, seen = [], set()

        def visit(value):
            if value not in seen:
                seen.add(value)
                for parent in value.parents:
                    visit(parent)
                order.append(value)

        visit(self)
        self.grad = 1.0
        for value in reversed(order):
            value.push()

# %% grade_id="value" mistake="chain-rule-missing" fails=["test-value-2", "test-value-3"]
class Value:
    def __init__(self, data, parents=(), op=None):
        self.data = data
        self.grad = 0.0
        self.parents = parents
        self.op = op
        self.operands, self.slopes = parents, ()
        self.push = lambda: None

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data + other.data, (self, other), "+")

        def push():
            self.grad += out.grad
            other.grad += out.grad

        out.push = push
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other), "*")

        def push():
            self.grad += other.data
            other.grad += self.data

        out.push = push
        return out

    def __pow__(self, other):
        base, other = self, other if isinstance(other, Value) else Value(other)
        out = Value(base.data**other.data, (base, other), "pow")

        def push():
            base.grad += other.data * base.data ** (other.data - 1) * out.grad
            if base.data > 0:
                other.grad += out.data * np.log(base.data) * out.grad

        out.push = push
        return out

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + (-other)

    def __truediv__(self, other):
        return self * (other if isinstance(other, Value) else Value(other)) ** -1

    def __radd__(self, number):
        return self + number

    def __rmul__(self, number):
        return self * number

    def __rsub__(self, number):
        return -self + number

    def __rtruediv__(self, number):
        return self**-1 * number

    def __rpow__(self, number):
        return Value(number) ** self

    def exp(self):
        out = Value(np.exp(self.data), (self,), "exp")

        def push():
            self.grad += out.data * out.grad

        out.push = push
        return out

    def tanh(self):
        out = Value(np.tanh(self.data), (self,), "tanh")

        def push():
            self.grad += (1 - out.data**2) * out.grad

        out.push = push
        return out

    def relu(self):
        out = Value(max(self.data, 0.0), (self,), "relu")

        def push():
            self.grad += (self.data > 0) * out.grad

        out.push = push
        return out

    def backward(self):
        order, seen = [], set()

        def visit(value):
            if value not in seen:
                seen.add(value)
                for parent in value.parents:
                    visit(parent)
                order.append(value)

        visit(self)
        self.grad = 1.0
        for value in reversed(order):
            value.push()

# %% grade_id="value" mistake="overwrites-shared-gradient" fails=["test-value-3"]
class Value:
    def __init__(self, data, parents=(), op=None):
        self.data = data
        self.grad = 0.0
        self.parents = parents
        self.op = op
        self.operands, self.slopes = parents, ()
        self.push = lambda: None

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data + other.data, (self, other), "+")

        def push():
            self.grad = out.grad
            other.grad = out.grad

        out.push = push
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other), "*")

        def push():
            self.grad = other.data * out.grad
            other.grad = self.data * out.grad

        out.push = push
        return out

    def __pow__(self, other):
        base, other = self, other if isinstance(other, Value) else Value(other)
        out = Value(base.data**other.data, (base, other), "pow")

        def push():
            base.grad = other.data * base.data ** (other.data - 1) * out.grad
            if base.data > 0:
                other.grad += out.data * np.log(base.data) * out.grad

        out.push = push
        return out

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + (-other)

    def __truediv__(self, other):
        return self * (other if isinstance(other, Value) else Value(other)) ** -1

    def __radd__(self, number):
        return self + number

    def __rmul__(self, number):
        return self * number

    def __rsub__(self, number):
        return -self + number

    def __rtruediv__(self, number):
        return self**-1 * number

    def __rpow__(self, number):
        return Value(number) ** self

    def exp(self):
        out = Value(np.exp(self.data), (self,), "exp")

        def push():
            self.grad = out.data * out.grad

        out.push = push
        return out

    def tanh(self):
        out = Value(np.tanh(self.data), (self,), "tanh")

        def push():
            self.grad = (1 - out.data**2) * out.grad

        out.push = push
        return out

    def relu(self):
        out = Value(max(self.data, 0.0), (self,), "relu")

        def push():
            self.grad = (self.data > 0) * out.grad

        out.push = push
        return out

    def backward(self):
        order, seen = [], set()

        def visit(value):
            if value not in seen:
                seen.add(value)
                for parent in value.parents:
                    visit(parent)
                order.append(value)

        visit(self)
        self.grad = 1.0
        for value in reversed(order):
            value.push()

# %% grade_id="value" mistake="no-topological-order" fails=["test-value-3"]
class Value:
    def __init__(self, data, parents=(), op=None):
        self.data = data
        self.grad = 0.0
        self.parents = parents
        self.op = op
        self.operands, self.slopes = parents, ()
        self.push = lambda: None

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data + other.data, (self, other), "+")

        def push():
            self.grad += out.grad
            other.grad += out.grad

        out.push = push
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other), "*")

        def push():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out.push = push
        return out

    def __pow__(self, other):
        base, other = self, other if isinstance(other, Value) else Value(other)
        out = Value(base.data**other.data, (base, other), "pow")

        def push():
            base.grad += other.data * base.data ** (other.data - 1) * out.grad
            if base.data > 0:
                other.grad += out.data * np.log(base.data) * out.grad

        out.push = push
        return out

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + (-other)

    def __truediv__(self, other):
        return self * (other if isinstance(other, Value) else Value(other)) ** -1

    def __radd__(self, number):
        return self + number

    def __rmul__(self, number):
        return self * number

    def __rsub__(self, number):
        return -self + number

    def __rtruediv__(self, number):
        return self**-1 * number

    def __rpow__(self, number):
        return Value(number) ** self

    def exp(self):
        out = Value(np.exp(self.data), (self,), "exp")

        def push():
            self.grad += out.data * out.grad

        out.push = push
        return out

    def tanh(self):
        out = Value(np.tanh(self.data), (self,), "tanh")

        def push():
            self.grad += (1 - out.data**2) * out.grad

        out.push = push
        return out

    def relu(self):
        out = Value(max(self.data, 0.0), (self,), "relu")

        def push():
            self.grad += (self.data > 0) * out.grad

        out.push = push
        return out

    def backward(self):
        self.grad = 1.0
        waiting, seen = [self], {self}
        while waiting:
            value = waiting.pop(0)
            value.push()
            for parent in value.parents:
                if parent not in seen:
                    seen.add(parent)
                    waiting.append(parent)

# %% grade_id="value" mistake="every-path-walked" fails=["test-value-3"]
class Value:
    def __init__(self, data, parents=(), op=None):
        self.data = data
        self.grad = 0.0
        self.parents = parents
        self.op = op
        self.operands, self.slopes = parents, ()
        self.push = lambda: None

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data + other.data, (self, other), "+")

        def push():
            self.grad += out.grad
            other.grad += out.grad

        out.push = push
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other), "*")

        def push():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out.push = push
        return out

    def __pow__(self, other):
        base, other = self, other if isinstance(other, Value) else Value(other)
        out = Value(base.data**other.data, (base, other), "pow")

        def push():
            base.grad += other.data * base.data ** (other.data - 1) * out.grad
            if base.data > 0:
                other.grad += out.data * np.log(base.data) * out.grad

        out.push = push
        return out

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + (-other)

    def __truediv__(self, other):
        return self * (other if isinstance(other, Value) else Value(other)) ** -1

    def __radd__(self, number):
        return self + number

    def __rmul__(self, number):
        return self * number

    def __rsub__(self, number):
        return -self + number

    def __rtruediv__(self, number):
        return self**-1 * number

    def __rpow__(self, number):
        return Value(number) ** self

    def exp(self):
        out = Value(np.exp(self.data), (self,), "exp")

        def push():
            self.grad += out.data * out.grad

        out.push = push
        return out

    def tanh(self):
        out = Value(np.tanh(self.data), (self,), "tanh")

        def push():
            self.grad += (1 - out.data**2) * out.grad

        out.push = push
        return out

    def relu(self):
        out = Value(max(self.data, 0.0), (self,), "relu")

        def push():
            self.grad += (self.data > 0) * out.grad

        out.push = push
        return out

    def backward(self):
        def visit(value, gradient):
            kept = {node: node.grad for node in value.parents}
            total, value.grad = value.grad, gradient
            for node in kept:
                node.grad = 0.0
            value.push()
            parts = [(node, node.grad) for node in kept]
            value.grad = total
            for node, _ in parts:
                node.grad = kept[node]
            for node, part in parts:
                node.grad += part
                visit(node, part)

        self.grad = 1.0
        visit(self, 1.0)

# %% grade_id="value" mistake="output-gradient-not-one" fails=["test-value-2", "test-value-3"]
class Value:
    def __init__(self, data, parents=(), op=None):
        self.data = data
        self.grad = 0.0
        self.parents = parents
        self.op = op
        self.operands, self.slopes = parents, ()
        self.push = lambda: None

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data + other.data, (self, other), "+")

        def push():
            self.grad += out.grad
            other.grad += out.grad

        out.push = push
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other), "*")

        def push():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out.push = push
        return out

    def __pow__(self, other):
        base, other = self, other if isinstance(other, Value) else Value(other)
        out = Value(base.data**other.data, (base, other), "pow")

        def push():
            base.grad += other.data * base.data ** (other.data - 1) * out.grad
            if base.data > 0:
                other.grad += out.data * np.log(base.data) * out.grad

        out.push = push
        return out

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + (-other)

    def __truediv__(self, other):
        return self * (other if isinstance(other, Value) else Value(other)) ** -1

    def __radd__(self, number):
        return self + number

    def __rmul__(self, number):
        return self * number

    def __rsub__(self, number):
        return -self + number

    def __rtruediv__(self, number):
        return self**-1 * number

    def __rpow__(self, number):
        return Value(number) ** self

    def exp(self):
        out = Value(np.exp(self.data), (self,), "exp")

        def push():
            self.grad += out.data * out.grad

        out.push = push
        return out

    def tanh(self):
        out = Value(np.tanh(self.data), (self,), "tanh")

        def push():
            self.grad += (1 - out.data**2) * out.grad

        out.push = push
        return out

    def relu(self):
        out = Value(max(self.data, 0.0), (self,), "relu")

        def push():
            self.grad += (self.data > 0) * out.grad

        out.push = push
        return out

    def backward(self):
        order, seen = [], set()

        def visit(value):
            if value not in seen:
                seen.add(value)
                for parent in value.parents:
                    visit(parent)
                order.append(value)

        visit(self)
        for value in reversed(order):
            value.push()

# %% grade_id="value" mistake="slope-at-input" fails=["test-value-2", "test-value-3"]
class Value:
    def __init__(self, data, parents=(), op=None):
        self.data = data
        self.grad = 0.0
        self.parents = parents
        self.op = op
        self.operands, self.slopes = parents, ()
        self.push = lambda: None

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data + other.data, (self, other), "+")

        def push():
            self.grad += out.grad
            other.grad += out.grad

        out.push = push
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other), "*")

        def push():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out.push = push
        return out

    def __pow__(self, other):
        base, other = self, other if isinstance(other, Value) else Value(other)
        out = Value(base.data**other.data, (base, other), "pow")

        def push():
            base.grad += other.data * base.data ** (other.data - 1) * out.grad
            if base.data > 0:
                other.grad += out.data * np.log(base.data) * out.grad

        out.push = push
        return out

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + (-other)

    def __truediv__(self, other):
        return self * (other if isinstance(other, Value) else Value(other)) ** -1

    def __radd__(self, number):
        return self + number

    def __rmul__(self, number):
        return self * number

    def __rsub__(self, number):
        return -self + number

    def __rtruediv__(self, number):
        return self**-1 * number

    def __rpow__(self, number):
        return Value(number) ** self

    def exp(self):
        out = Value(np.exp(self.data), (self,), "exp")

        def push():
            self.grad += out.data * out.grad

        out.push = push
        return out

    def tanh(self):
        out = Value(np.tanh(self.data), (self,), "tanh")

        def push():
            self.grad += (1 - self.data**2) * out.grad

        out.push = push
        return out

    def relu(self):
        out = Value(max(self.data, 0.0), (self,), "relu")

        def push():
            self.grad += (self.data > 0) * out.grad

        out.push = push
        return out

    def backward(self):
        order, seen = [], set()

        def visit(value):
            if value not in seen:
                seen.add(value)
                for parent in value.parents:
                    visit(parent)
                order.append(value)

        visit(self)
        self.grad = 1.0
        for value in reversed(order):
            value.push()

# %% grade_id="value" mistake="relu-passes-all" fails=["test-value-2", "test-value-3"]
class Value:
    def __init__(self, data, parents=(), op=None):
        self.data = data
        self.grad = 0.0
        self.parents = parents
        self.op = op
        self.operands, self.slopes = parents, ()
        self.push = lambda: None

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data + other.data, (self, other), "+")

        def push():
            self.grad += out.grad
            other.grad += out.grad

        out.push = push
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other), "*")

        def push():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out.push = push
        return out

    def __pow__(self, other):
        base, other = self, other if isinstance(other, Value) else Value(other)
        out = Value(base.data**other.data, (base, other), "pow")

        def push():
            base.grad += other.data * base.data ** (other.data - 1) * out.grad
            if base.data > 0:
                other.grad += out.data * np.log(base.data) * out.grad

        out.push = push
        return out

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + (-other)

    def __truediv__(self, other):
        return self * (other if isinstance(other, Value) else Value(other)) ** -1

    def __radd__(self, number):
        return self + number

    def __rmul__(self, number):
        return self * number

    def __rsub__(self, number):
        return -self + number

    def __rtruediv__(self, number):
        return self**-1 * number

    def __rpow__(self, number):
        return Value(number) ** self

    def exp(self):
        out = Value(np.exp(self.data), (self,), "exp")

        def push():
            self.grad += out.data * out.grad

        out.push = push
        return out

    def tanh(self):
        out = Value(np.tanh(self.data), (self,), "tanh")

        def push():
            self.grad += (1 - out.data**2) * out.grad

        out.push = push
        return out

    def relu(self):
        out = Value(max(self.data, 0.0), (self,), "relu")

        def push():
            self.grad += out.grad

        out.push = push
        return out

    def backward(self):
        order, seen = [], set()

        def visit(value):
            if value not in seen:
                seen.add(value)
                for parent in value.parents:
                    visit(parent)
                order.append(value)

        visit(self)
        self.grad = 1.0
        for value in reversed(order):
            value.push()

# %% grade_id="value" mistake="exponent-not-lowered" fails=["test-value-2", "test-value-3"]
class Value:
    def __init__(self, data, parents=(), op=None):
        self.data = data
        self.grad = 0.0
        self.parents = parents
        self.op = op
        self.operands, self.slopes = parents, ()
        self.push = lambda: None

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data + other.data, (self, other), "+")

        def push():
            self.grad += out.grad
            other.grad += out.grad

        out.push = push
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other), "*")

        def push():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out.push = push
        return out

    def __pow__(self, other):
        base, other = self, other if isinstance(other, Value) else Value(other)
        out = Value(base.data**other.data, (base, other), "pow")

        def push():
            base.grad += other.data * base.data **other.data * out.grad
            if base.data > 0:
                other.grad += out.data * np.log(base.data) * out.grad

        out.push = push
        return out

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + (-other)

    def __truediv__(self, other):
        return self * (other if isinstance(other, Value) else Value(other)) ** -1

    def __radd__(self, number):
        return self + number

    def __rmul__(self, number):
        return self * number

    def __rsub__(self, number):
        return -self + number

    def __rtruediv__(self, number):
        return self**-1 * number

    def __rpow__(self, number):
        return Value(number) ** self

    def exp(self):
        out = Value(np.exp(self.data), (self,), "exp")

        def push():
            self.grad += out.data * out.grad

        out.push = push
        return out

    def tanh(self):
        out = Value(np.tanh(self.data), (self,), "tanh")

        def push():
            self.grad += (1 - out.data**2) * out.grad

        out.push = push
        return out

    def relu(self):
        out = Value(max(self.data, 0.0), (self,), "relu")

        def push():
            self.grad += (self.data > 0) * out.grad

        out.push = push
        return out

    def backward(self):
        order, seen = [], set()

        def visit(value):
            if value not in seen:
                seen.add(value)
                for parent in value.parents:
                    visit(parent)
                order.append(value)

        visit(self)
        self.grad = 1.0
        for value in reversed(order):
            value.push()

# %% grade_id="value" mistake="logarithm-of-base" fails=["test-value-1", "test-value-2", "test-value-3", "test-trace"]
class Value:
    def __init__(self, data, parents=(), op=None):
        self.data = data
        self.grad = 0.0
        self.parents = parents
        self.op = op
        self.operands, self.slopes = parents, ()
        self.push = lambda: None

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data + other.data, (self, other), "+")

        def push():
            self.grad += out.grad
            other.grad += out.grad

        out.push = push
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other), "*")

        def push():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out.push = push
        return out

    def __pow__(self, other):
        base, other = self, other if isinstance(other, Value) else Value(other)
        import math

        log = math.log(base.data)
        out = Value(math.exp(other.data * log), (base, other), "pow")

        def push():
            base.grad += other.data * base.data ** (other.data - 1) * out.grad
            if base.data > 0:
                other.grad += out.data * np.log(base.data) * out.grad

        out.push = push
        return out

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + (-other)

    def __truediv__(self, other):
        return self * (other if isinstance(other, Value) else Value(other)) ** -1

    def __radd__(self, number):
        return self + number

    def __rmul__(self, number):
        return self * number

    def __rsub__(self, number):
        return -self + number

    def __rtruediv__(self, number):
        return self**-1 * number

    def __rpow__(self, number):
        return Value(number) ** self

    def exp(self):
        out = Value(np.exp(self.data), (self,), "exp")

        def push():
            self.grad += out.data * out.grad

        out.push = push
        return out

    def tanh(self):
        out = Value(np.tanh(self.data), (self,), "tanh")

        def push():
            self.grad += (1 - out.data**2) * out.grad

        out.push = push
        return out

    def relu(self):
        out = Value(max(self.data, 0.0), (self,), "relu")

        def push():
            self.grad += (self.data > 0) * out.grad

        out.push = push
        return out

    def backward(self):
        order, seen = [], set()

        def visit(value):
            if value not in seen:
                seen.add(value)
                for parent in value.parents:
                    visit(parent)
                order.append(value)

        visit(self)
        self.grad = 1.0
        for value in reversed(order):
            value.push()

# %% grade_id="value" mistake="result-not-a-value" fails=["test-value-1", "test-value-2", "test-value-3", "test-trace"]
class Value:
    def __init__(self, data, parents=(), op=None):
        self.data = data
        self.grad = 0.0
        self.parents = parents
        self.op = op
        self.operands, self.slopes = parents, ()
        self.push = lambda: None

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data + other.data, (self, other), "+")

        def push():
            self.grad += out.grad
            other.grad += out.grad

        out.push = push
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other), "*")

        def push():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out.push = push
        return out

    def __pow__(self, other):
        base, other = self, other if isinstance(other, Value) else Value(other)
        out = Value(base.data**other.data, (base, other), "pow")

        def push():
            base.grad += other.data * base.data ** (other.data - 1) * out.grad
            if base.data > 0:
                other.grad += out.data * np.log(base.data) * out.grad

        out.push = push
        return out

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + (-other)

    def __truediv__(self, other):
        return self * (other if isinstance(other, Value) else Value(other)) ** -1

    def __radd__(self, number):
        return self + number

    def __rmul__(self, number):
        return self * number

    def __rsub__(self, number):
        return -self + number

    def __rtruediv__(self, number):
        return self**-1 * number

    def __rpow__(self, number):
        return Value(number) ** self

    def exp(self):
        out = Value(np.exp(self.data), (self,), "exp")

        def push():
            self.grad += out.data * out.grad

        out.push = push
        return out

    def tanh(self):
        out = Value(np.tanh(self.data), (self,), "tanh")

        def push():
            self.grad += (1 - out.data**2) * out.grad

        out.push = push
        return out

    def relu(self):
        return max(self.data, 0.0)

    def backward(self):
        order, seen = [], set()

        def visit(value):
            if value not in seen:
                seen.add(value)
                for parent in value.parents:
                    visit(parent)
                order.append(value)

        visit(self)
        self.grad = 1.0
        for value in reversed(order):
            value.push()

# %% grade_id="trace" mistake="equal-values-merged" fails=["test-trace"]
def trace(value):
    graph, names = nx.MultiDiGraph(), {}

    def visit(node):
        key = node.data
        if key in names:
            return names[key]
        operands = [visit(operand) for operand in node.operands]
        name = names[key] = f"n{len(names)}"
        graph.add_node(name, kind="variable", value=node.data, grad=node.grad)
        if operands:
            graph.add_node(name + node.op, kind="operation", op=node.op)
            graph.add_edge(name + node.op, name)
            for position, operand in enumerate(operands):
                graph.add_edge(operand, name + node.op, position=position)
        return name

    visit(value)
    return graph

# %% grade_id="trace" mistake="shared-node-copied" fails=["test-trace"]
def trace(value):
    graph, names = nx.MultiDiGraph(), {}

    def visit(node):
        key = object()
        operands = [visit(operand) for operand in node.operands]
        name = names[key] = f"n{len(names)}"
        graph.add_node(name, kind="variable", value=node.data, grad=node.grad)
        if operands:
            graph.add_node(name + node.op, kind="operation", op=node.op)
            graph.add_edge(name + node.op, name)
            for position, operand in enumerate(operands):
                graph.add_edge(operand, name + node.op, position=position)
        return name

    visit(value)
    return graph

# %% grade_id="trace" mistake="wrong-number-of-operands" fails=["test-trace"]
def trace(value):
    graph, names = nx.DiGraph(), {}

    def visit(node):
        key = id(node)
        if key in names:
            return names[key]
        operands = [visit(operand) for operand in node.operands]
        name = names[key] = f"n{len(names)}"
        graph.add_node(name, kind="variable", value=node.data, grad=node.grad)
        if operands:
            graph.add_node(name + node.op, kind="operation", op=node.op)
            graph.add_edge(name + node.op, name)
            for position, operand in enumerate(operands):
                graph.add_edge(operand, name + node.op, position=position)
        return name

    visit(value)
    return graph

# %% grade_id="trace" mistake="grad-missing" fails=["test-trace"]
def trace(value):
    graph, names = nx.MultiDiGraph(), {}

    def visit(node):
        key = id(node)
        if key in names:
            return names[key]
        operands = [visit(operand) for operand in node.operands]
        name = names[key] = f"n{len(names)}"
        graph.add_node(name, kind="variable", value=node.data)
        if operands:
            graph.add_node(name + node.op, kind="operation", op=node.op)
            graph.add_edge(name + node.op, name)
            for position, operand in enumerate(operands):
                graph.add_edge(operand, name + node.op, position=position)
        return name

    visit(value)
    return graph

# %% grade_id="trace" mistake="wrong-edges" fails=["test-trace"]
def trace(value):
    graph, names = nx.MultiDiGraph(), {}

    def visit(node):
        key = id(node)
        if key in names:
            return names[key]
        operands = [visit(operand) for operand in node.operands]
        name = names[key] = f"n{len(names)}"
        graph.add_node(name, kind="variable", value=node.data, grad=node.grad)
        if operands:
            graph.add_node(name + node.op, kind="operation", op=node.op)
            graph.add_edge(name + node.op, name)
            for position, operand in enumerate(reversed(operands)):
                graph.add_edge(operand, name + node.op, position=position)
        return name

    visit(value)
    return graph

# %% grade_id="trace" mistake="value-missing" fails=["test-trace"]
def trace(value):
    graph, names = nx.MultiDiGraph(), {}

    def visit(node):
        key = id(node)
        if key in names:
            return names[key]
        operands = [visit(operand) for operand in node.operands]
        name = names[key] = f"n{len(names)}"
        graph.add_node(name, kind="variable", value=node, grad=node.grad)
        if operands:
            graph.add_node(name + node.op, kind="operation", op=node.op)
            graph.add_edge(name + node.op, name)
            for position, operand in enumerate(operands):
                graph.add_edge(operand, name + node.op, position=position)
        return name

    visit(value)
    return graph

# %% grade_id="value" mistake="equal-numbers-merged" fails=["test-value-3"]
class Value:
    """A number that remembers how it was computed.

    data: float. grad: derivative of the last result for this number; 0.0 before backward().
    In all operators the other operand may be a Value or a plain number.
    """

    def __init__(self, data):
        self.data = float(data)
        self.grad = 0.0
        self.op = None
        self.operands = ()
        self.slopes = ()

    @staticmethod
    def wrap(other):
        """A plain number as a Value; a Value as it is."""
        return other if isinstance(other, Value) else Value(other)

    @staticmethod
    def result(data, op, operands, slopes):
        """A new Value that remembers its operation, its operands and the local slope for each."""
        value = Value(data)
        value.op, value.operands, value.slopes = op, operands, slopes
        return value

    def __add__(self, other):
        other = self.wrap(other)
        return self.result(self.data + other.data, "+", (self, other), (1.0, 1.0))

    def __mul__(self, other):
        other = self.wrap(other)
        return self.result(self.data * other.data, "*", (self, other), (other.data, self.data))

    def __pow__(self, other):
        other = self.wrap(other)
        power = self.data**other.data
        for_base = other.data * self.data ** (other.data - 1)
        # The logarithm exists for a positive base only; a constant exponent does not need it.
        for_exponent = power * np.log(self.data) if self.data > 0 else 0.0
        return self.result(power, "pow", (self, other), (for_base, for_exponent))

    def __neg__(self):
        return self.result(-self.data, "neg", (self,), (-1.0,))

    def __sub__(self, other):
        other = self.wrap(other)
        return self.result(self.data - other.data, "-", (self, other), (1.0, -1.0))

    def __truediv__(self, other):
        other = self.wrap(other)
        quotient = self.data / other.data
        slopes = (1 / other.data, -quotient / other.data)
        return self.result(quotient, "/", (self, other), slopes)

    def __radd__(self, number):
        return self.wrap(number) + self

    def __rmul__(self, number):
        return self.wrap(number) * self

    def __rsub__(self, number):
        return self.wrap(number) - self

    def __rtruediv__(self, number):
        return self.wrap(number) / self

    def __rpow__(self, number):
        return self.wrap(number) ** self

    def exp(self):
        z = float(np.exp(self.data))
        return self.result(z, "exp", (self,), (z,))

    def tanh(self):
        z = float(np.tanh(self.data))
        return self.result(z, "tanh", (self,), (1 - z * z,))

    def relu(self):
        return self.result(max(self.data, 0.0), "relu", (self,), (float(self.data > 0),))

    def backward(self):
        """Set grad of every Value that this one depends on, itself included."""
        order, seen = [], set()

        def visit(value):
            if value.data not in seen:
                seen.add(value.data)
                for operand in value.operands:
                    visit(operand)
                order.append(value)

        visit(self)
        self.grad = 1.0
        for value in reversed(order):
            for operand, slope in zip(value.operands, value.slopes, strict=True):
                operand.grad += slope * value.grad

# %% grade_id="squared-distance" mistake="norm-used" fails=["test-squared-distance"]
from torch.linalg import vector_norm as length
def squared_distance(v1, v2):
    return length(v1 - v2) ** 2

# %% grade_id="squared-distance" mistake="norm-used" fails=["test-squared-distance"]
def squared_distance(v1, v2):
    import torch.nn.functional as F
    return F.mse_loss(v1, v2, reduction="sum")

# %% grade_id="squared-distance" mistake="norm-used" fails=["test-squared-distance"]
def squared_distance(v1, v2):
    return v1.dist(v2) ** 2

# %% grade_id="backward-values" mistake="library-does-the-work" fails=["test-backward-values"]
def backward_values(w1, x1, w2, x2, f_star):
    leaves = [torch.tensor(float(x), dtype=torch.float64, requires_grad=True) for x in (w1, x1, w2, x2)]
    a, b, c, d = leaves
    slopes = torch.autograd.grad(torch.exp(-(a * b + c * d)) - f_star, leaves)
    return {"f": 1.0, **dict(zip(("w1", "x1", "w2", "x2"), (slope.item() for slope in slopes)))}

# %% grade_id="value" mistake="library-does-the-work" fails=["test-value-1", "test-value-2", "test-value-3", "test-trace"]
from torch import tensor as remember
class Value:
    def __init__(self, data):
        self.node = data if hasattr(data, "backward") else remember(float(data), dtype=torch.float64, requires_grad=True)
        if self.node.grad_fn is not None:
            self.node.retain_grad()

    data = property(lambda self: self.node.item())
    grad = property(lambda self: 0.0 if self.node.grad is None else self.node.grad.item())

    @staticmethod
    def of(other):
        return other.node if isinstance(other, Value) else other

    def __add__(self, other): return Value(self.node + self.of(other))
    def __mul__(self, other): return Value(self.node * self.of(other))
    def __pow__(self, other): return Value(self.node ** self.of(other))
    def __sub__(self, other): return Value(self.node - self.of(other))
    def __truediv__(self, other): return Value(self.node / self.of(other))
    def __neg__(self): return Value(-self.node)
    def __rsub__(self, other): return Value(other - self.node)
    def __rtruediv__(self, other): return Value(other / self.node)
    def __rpow__(self, other): return Value(other ** self.node)
    __radd__, __rmul__ = __add__, __mul__
    def exp(self): return Value(self.node.exp())
    def tanh(self): return Value(self.node.tanh())
    def relu(self): return Value(self.node.relu())
    def backward(self): self.node.backward()
