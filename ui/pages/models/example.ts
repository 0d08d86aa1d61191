/** The search with which a newcomer makes a first model: data that come with the app, a classifier, about two seconds. */
export const firstModelSearch =
  '| inputlookup penguins.csv | fit RandomForestClassifier Species from "Beak*" "Flipper*" "Body*" Island random_state=7 into my_first_model';

/** What "Fit a model in Search" opens: the same without `into`, so that opening it keeps nothing. */
export const fitSearch =
  '| inputlookup penguins.csv | fit RandomForestClassifier Species from "Beak*" "Flipper*" "Body*" Island random_state=7';
