"""Makes the models that the DSDL server scores with, so that both sides compute the same thing.

    python models.py linear ROWS.csv TARGET FEATURE,FEATURE… OUT.joblib     fits scikit-learn's LinearRegression on the same rows
    python models.py trees MODEL.onnx OUT.npz                               reads the trees out of Kepler's ONNX file (needs onnx)
    python models.py forest TREES.npz OUT.joblib                            puts them into a RandomForestRegressor
"""

import sys


def linear(rows, target, features, out):
    import joblib
    import pandas as pd
    from sklearn.linear_model import LinearRegression

    frame = pd.read_csv(rows, float_precision="round_trip")
    joblib.dump(LinearRegression().fit(frame[features.split(",")].to_numpy(), frame[target]), out)


def trees(path, out):
    import numpy as np
    import onnx

    nodes = [n for n in onnx.load(path).graph.node if n.op_type == "TreeEnsembleRegressor"]
    if len(nodes) != 1:
        sys.exit(f"{path} has {len(nodes)} TreeEnsembleRegressor nodes in place of one")
    found = {}
    for attribute in nodes[0].attribute:
        value = onnx.helper.get_attribute_value(attribute)
        name = attribute.name.removesuffix("_as_tensor")
        if attribute.name.endswith("_as_tensor"):
            value = onnx.numpy_helper.to_array(value)
        if isinstance(value, list) and value and isinstance(value[0], bytes):
            value = [text.decode() for text in value]
        found[name] = value.decode() if isinstance(value, bytes) else np.asarray(value)
    if set(np.asarray(found["nodes_modes"])) - {"BRANCH_LEQ", "LEAF"}:
        sys.exit("only BRANCH_LEQ is understood")
    np.savez(
        out,
        tree=found["nodes_treeids"], node=found["nodes_nodeids"], feature=found["nodes_featureids"],
        threshold=found["nodes_values"], leaf=np.asarray(found["nodes_modes"]) == "LEAF",
        left=found["nodes_truenodeids"], right=found["nodes_falsenodeids"],
        target_tree=found["target_treeids"], target_node=found["target_nodeids"], weight=found["target_weights"],
        base=found.get("base_values", np.zeros(1)), average=found.get("aggregate_function", "SUM") == "AVERAGE",
    )


def forest(arrays, out):
    import joblib
    import numpy as np
    from sklearn.ensemble import RandomForestRegressor
    from sklearn.tree._tree import Tree

    # All at once: the file would be read anew for each look at one of its arrays.
    a = dict(np.load(arrays))
    ids = np.unique(a["tree"])
    features = int(a["feature"].max()) + 1
    # A forest of the right form, fitted on anything; its trees are then replaced.
    rng = np.random.default_rng(0)
    model = RandomForestRegressor(n_estimators=len(ids), max_depth=1).fit(rng.normal(size=(64, features)), rng.normal(size=64))
    weights = {}
    for tree, node, weight in zip(a["target_tree"], a["target_node"], a["weight"]):
        weights[(int(tree), int(node))] = float(weight)
    share = 1.0 if a["average"] else float(len(ids))
    for index, tree in enumerate(ids):
        mine = np.flatnonzero(a["tree"] == tree)
        place = {int(n): i for i, n in enumerate(a["node"][mine])}
        state = model.estimators_[index].tree_.__getstate__()
        nodes = np.zeros(len(mine), dtype=state["nodes"].dtype)
        values = np.zeros((len(mine), 1, 1))
        for i, at in enumerate(mine):
            leaf = bool(a["leaf"][at])
            nodes["left_child"][i] = -1 if leaf else place[int(a["left"][at])]
            nodes["right_child"][i] = -1 if leaf else place[int(a["right"][at])]
            nodes["feature"][i] = -2 if leaf else a["feature"][at]
            nodes["threshold"][i] = -2 if leaf else a["threshold"][at]
            nodes["n_node_samples"][i] = nodes["weighted_n_node_samples"][i] = 1
            if leaf:
                values[i, 0, 0] = weights.get((int(tree), int(a["node"][at])), 0.0) * share + float(a["base"][0])
        built = Tree(features, np.array([1], dtype=np.intp), 1)
        built.__setstate__({"max_depth": 64, "node_count": len(mine), "nodes": nodes, "values": values})
        model.estimators_[index].tree_ = built
    joblib.dump(model, out)


{"linear": linear, "trees": trees, "forest": forest}[sys.argv[1]](*sys.argv[2:])
