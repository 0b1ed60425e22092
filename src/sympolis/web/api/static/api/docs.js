// Shows the description of the API; a file of its own because the pages allow no inline script.
const holder = document.getElementById("api");
window.SwaggerUIBundle({
  url: holder.dataset.description,
  domNode: holder,
  deepLinking: true,
  docExpansion: "list",
  supportedSubmitMethods: ["get"],
  validatorUrl: null,
});
