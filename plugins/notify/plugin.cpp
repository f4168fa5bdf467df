#include "webhook.hpp"

SLUICE_PLUGIN(
    "notify", "1.0.0",
    sluice::sink<notify::Webhook>("webhook")
        .help("posts each event as JSON to an HTTP endpoint")
        .option(sluice::text_option("url").help("where events are posted, http:// or https://"))
        .option(sluice::text_option("token", "").secret().help("a bearer token; none if empty"))
        .option(sluice::duration_option("timeout", "10s").help("of connecting, sending and receiving, each")))
