"""Writes the tables of docs/data.md to a folder, and trains PyTorch's same networks on them: its figures beside ours."""

import pathlib
import sys

import numpy as np
import pandas as pd
import torch
from sklearn import datasets, metrics
from torch import nn

folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
torch.set_num_threads(1)


def tables():
    """Name, table, columns to foretell, epochs."""
    diabetes = datasets.load_diabetes(as_frame=True, scaled=False).frame
    diabetes["sex"] = diabetes["sex"].map({1.0: "f", 2.0: "m"})
    yield "diabetes", diabetes, ["target"], 30
    yield "digits", datasets.load_digits(as_frame=True).frame, ["target"], 30
    words, topics = datasets.make_multilabel_classification(
        3000, 20, n_classes=5, n_labels=2, random_state=1
    )
    table = pd.DataFrame(words.astype(int), columns=[f"word{i}" for i in range(20)])
    for k in range(5):
        table[f"topic{k}"] = topics[:, k]
    yield "topics", table, [f"topic{k}" for k in range(5)], 30


def write(name, part, table):
    if name == "digits":
        table.to_parquet(folder / f"{name}-{part}.parquet", index=False)
    else:
        table.to_csv(folder / f"{name}-{part}.csv", index=False)


def network(inputs, outputs):
    return nn.Sequential(
        nn.Linear(inputs, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, outputs)
    )


def trained(seed, x, y, outputs, loss, epochs):
    torch.manual_seed(seed)
    model = network(x.shape[1], outputs)
    optimizer = torch.optim.Adam(model.parameters(), 1e-3)
    for _ in range(epochs):
        for rows in torch.randperm(len(x)).split(64):
            optimizer.zero_grad()
            loss(model(x[rows]), y[rows]).backward()
            optimizer.step()
    return model


for name, table, targets, epochs in tables():
    order = np.random.default_rng(1).permutation(len(table))
    test, train = np.split(order, [len(table) // 5])
    write(name, "train", table.iloc[train])
    write(name, "test", table.iloc[test])
    x = pd.get_dummies(table.drop(columns=targets), dtype=float).to_numpy()
    numeric = np.array([len(np.unique(column)) > 2 for column in x.T])
    mean, deviation = x[train].mean(0), x[train].std(0)
    deviation[deviation == 0] = 1
    x = np.where(numeric, (x - mean) / deviation, x)
    x = torch.tensor(x, dtype=torch.float32)
    y = table[targets].to_numpy(dtype=float)
    found = []
    for seed in 1, 2, 3:
        if name == "diabetes":
            m, d = y[train].mean(0), y[train].std(0)
            scaled = torch.tensor((y - m) / d, dtype=torch.float32)
            model = trained(seed, x[train], scaled[train], 1, nn.MSELoss(), epochs)
            told = model(x[test]).detach().numpy() * d + m
            found.append(
                {"rmse": metrics.root_mean_squared_error(y[test], told), "r2": metrics.r2_score(y[test], told)}
            )
        elif name == "digits":
            classes = torch.tensor(y[:, 0].astype(int))
            model = trained(seed, x[train], classes[train], 10, nn.CrossEntropyLoss(), epochs)
            told = model(x[test]).argmax(1).numpy()
            found.append(
                {"error %": 100 * (told != y[test, 0]).mean(), "f1": metrics.f1_score(y[test, 0], told, average="macro")}
            )
        else:
            labels = torch.tensor(y, dtype=torch.float32)
            model = trained(seed, x[train], labels[train], 5, nn.BCEWithLogitsLoss(), epochs)
            told = (model(x[test]) > 0).numpy()
            found.append(
                {"f1": metrics.f1_score(y[test], told, average="macro"), "exact match": metrics.accuracy_score(y[test], told)}
            )
    for measure in found[0]:
        values = [each[measure] for each in found]
        print(f"{name}: {measure} {np.mean(values):.4g} ± {np.std(values):.2g}")
