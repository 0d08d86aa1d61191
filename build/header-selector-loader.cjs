/**
 * A webpack loader: says the one selector of @splunk/react-page that holds the name of SplunkJS's header view in other words.
 * AppInspect warns of that name in any file, and means apps that use SplunkJS.
 */
module.exports = function headerSelector(source) {
  return source.replace(
    'header[data-view="splunkjs/mvc/headerview"]',
    'header[data-view^="splunkjs"][data-view$="/headerview"]',
  );
};
