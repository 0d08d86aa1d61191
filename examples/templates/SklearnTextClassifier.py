"""Tells classes of texts apart, with probabilities: word pairs weighed by how rare they are (TF-IDF), and logistic regression."""
# The data: data/log_messages.csv as a lookup of your app (Settings > Lookups in Splunk Web), then
#   | inputlookup log_messages.csv | fit SklearnTextClassifier kind from message holdout=0.25 into log_kinds
#   | inputlookup log_messages.csv | apply log_kinds probabilities=t | table message "predicted(kind)" prob*
#   | summary log_kinds
# It needs scikit-learn: where the runtime's Python has none, SklearnTextClassifier.requirements.txt beside it makes an environment.
from kepler import log
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

kind = "classifier"
prepare = "none"  # texts as they are: prepared numbers would be one column a text

params = {
    "properties": {
        "words": {"type": "integer", "default": 2, "minimum": 1, "maximum": 5, "description": "Words in a row that count as one feature, at most."},
        "C": {"type": "number", "default": 10, "exclusiveMinimum": 0, "description": "How closely the training rows are followed."},
        "top": {"type": "integer", "default": 5, "minimum": 1, "description": "Words a class that summary shows."},
    },
}

# Tried on these before it is published.
example = {
    "features": {"message": ["disk is full", "link is down", "disk error", "link lost"]},
    "target": {"name": "kind", "values": ["disk", "network", "disk", "network"]},
}


def texts(df, param):
    return df[param["feature_variables"]].fillna("").astype(str).agg(" ".join, axis=1)


def fit(model, df, param):
    target = df[param["target_variables"][0]]
    known = target.notna()
    model = make_pipeline(TfidfVectorizer(ngram_range=(1, param["words"])), LogisticRegression(C=param["C"], max_iter=1000))
    model.fit(texts(df[known], param), target[known])
    model.top_ = param["top"]
    log.info("fitted", rows=int(known.sum()), words=len(model[0].vocabulary_))
    return model


def apply(model, df, param):
    return model.predict(texts(df, param))


def probabilities(model, df, param):
    return model.predict_proba(texts(df, param))


def summary(model):
    words, weights, classes = model[0].get_feature_names_out(), model[1].coef_, model[1].classes_
    if len(classes) == 2:  # one row of weights, those of the second class
        weights = [-weights[0], weights[0]]
    rows = [(name, words[i], row[i]) for name, row in zip(classes, weights) for i in row.argsort()[: -model.top_ - 1 : -1]]
    return {"fields": ["class", "word", "weight"], "rows": rows}
