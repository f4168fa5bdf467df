#include "admin/web_page.hpp"

#include <string>

namespace sluice::engine {
namespace {

// Whatever a record brings into the page: nothing but these files runs, and nothing is asked of anyone else.
constexpr std::string_view policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

std::string type_of(std::string_view name) {
  if (name.ends_with(".html")) return "text/html; charset=utf-8";
  if (name.ends_with(".css")) return "text/css; charset=utf-8";
  if (name.ends_with(".svg")) return "image/svg+xml";
  return "text/javascript; charset=utf-8";
}

std::string path_of(std::string_view name) {
  return name == "index.html" ? "/" : "/page/" + std::string(name);
}

}  // namespace

std::vector<Page> web_pages() {
  std::vector<Page> pages;
  for (const WebPageFile& file : web_page_files())
    pages.push_back(
        {.path = path_of(file.name),
         .content_type = type_of(file.name),
         .make = [text = file.text] { return Answer{std::string(text)}; },
         .open = true,
         .etag = std::string(file.etag),
         .headers = {{"Content-Security-Policy", std::string(policy)}, {"Referrer-Policy", "no-referrer"}}});
  return pages;
}

}  // namespace sluice::engine
