/**
 * Stands in for packages that johnny-five wants at any version and this project never loads. Loading it is a mistake,
 * so it says so instead of answering with nothing.
 */
throw new Error("this package was left out on purpose: see overrides in package.json");
