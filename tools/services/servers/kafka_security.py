"""TLS and SASL for the broker: more listeners beside the plain one, an authoriser, a user and a guest without rights."""

import secrets
import socket
from pathlib import Path

from .certificates import Certificates
from .ports import Ports

USER, GUEST = "sluice", "guest"
_LISTENERS = ("SSL", "SASL_SSL", "SASL_PLAINTEXT")
_MODULES = "org.apache.kafka.common.security"


class KafkaSecurity:
    def __init__(self, ports: Ports, certificates: Certificates) -> None:
        self._certificates = certificates
        self._ports = {listener: ports.take() for listener in _LISTENERS}
        self._password = secrets.token_hex(8)

    def settings(self, plain: dict[str, object]) -> dict[str, object]:
        """The broker's settings with the listeners added."""
        listeners = "".join(f",{name}://127.0.0.1:{port}" for name, port in self._ports.items())
        return plain | {
            "listeners": f"{plain['listeners']}{listeners}",
            "advertised.listeners": f"{plain['advertised.listeners']}{listeners}",
            "listener.security.protocol.map":
                f"{plain['listener.security.protocol.map']}" + "".join(f",{name}:{name}" for name in _LISTENERS),
            "inter.broker.listener.name": "PLAINTEXT",
            "ssl.keystore.type": "PEM",
            "ssl.keystore.location": self._certificates.server,
            "ssl.truststore.type": "PEM",
            "ssl.truststore.location": self._certificates.ca,
            "listener.name.ssl.ssl.client.auth": "requested",
            "sasl.enabled.mechanisms": "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER",
            "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
            "super.users": f"User:ANONYMOUS;User:{USER};User:CN={USER}",
        } | self._logins()

    def _logins(self) -> dict[str, str]:
        users = " ".join(f'user_{name}="{self._password}"' for name in (USER, GUEST))
        logins = {
            "plain": f"{_MODULES}.plain.PlainLoginModule required {users};",
            "scram-sha-256": f"{_MODULES}.scram.ScramLoginModule required;",
            "scram-sha-512": f"{_MODULES}.scram.ScramLoginModule required;",
            "oauthbearer": f"{_MODULES}.oauthbearer.OAuthBearerLoginModule required "
                           f'unsecuredLoginStringClaim_sub="{USER}";',
        }
        return {f"listener.name.{listener}.{mechanism}.sasl.jaas.config": login
                for listener in ("sasl_ssl", "sasl_plaintext") for mechanism, login in logins.items()}

    def format_arguments(self, cluster: str, configuration: Path) -> list[str]:
        """For the storage tool: SCRAM's users are part of the cluster's first metadata."""
        users = [word for name in (USER, GUEST) for mechanism in ("SCRAM-SHA-256", "SCRAM-SHA-512")
                 for word in ("--add-scram", f"{mechanism}=[name={name},password={self._password}]")]
        return ["format", "--cluster-id", cluster, "--config", str(configuration), *users]

    def listens(self) -> bool:
        """Its listeners open one after another."""
        return all(_accepts(port) for port in self._ports.values())

    def addresses(self) -> dict[str, str]:
        servers = {f"KAFKA_{name}_BOOTSTRAP_SERVERS": f"127.0.0.1:{port}" for name, port in self._ports.items()}
        return servers | {"KAFKA_USER": USER, "KAFKA_PASSWORD": self._password, "KAFKA_GUEST_USER": GUEST,
                          **self._certificates.addresses}


def _accepts(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=2).close()
        return True
    except OSError:
        return False
