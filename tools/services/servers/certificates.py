"""A certificate authority for one run, a certificate for its servers on 127.0.0.1 and one for a client."""

import secrets
import subprocess
from pathlib import Path

from .server import Failed


class Certificates:
    """PEM files; `server` and `client` hold the key and the certificate together."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "certificates"
        self._folder.mkdir()
        self.ca = self._folder / "ca.crt"
        _openssl(self._folder, "req", "-x509", *_NEW_KEY, "-keyout", "ca.key", "-out", "ca.crt", "-days", "30",
                 "-subj", "/CN=sluice test authority", "-addext", "basicConstraints=critical,CA:TRUE")
        self.server = self._signed("server", "/CN=127.0.0.1", "subjectAltName=IP:127.0.0.1,DNS:localhost")
        self.client = self._signed("client", "/CN=sluice", "extendedKeyUsage=clientAuth")
        self._locked_key = self._folder / "client.locked.key"
        self._key_password = secrets.token_hex(8)
        _openssl(self._folder, "pkcs8", "-topk8", "-in", "client.key", "-out", self._locked_key.name,
                 "-v2", "aes-256-cbc", "-passout", f"pass:{self._key_password}")

    @property
    def addresses(self) -> dict[str, str]:
        return {"TLS_CA": str(self.ca), "TLS_CERTIFICATE": str(self.client.with_suffix(".crt")),
                "TLS_KEY": str(self.client.with_suffix(".key")), "TLS_CERTIFICATE_AND_KEY": str(self.client),
                "TLS_LOCKED_KEY": str(self._locked_key), "TLS_KEY_PASSWORD": self._key_password}

    def _signed(self, name: str, subject: str, extension: str) -> Path:
        (self._folder / f"{name}.ext").write_text(extension)
        _openssl(self._folder, "req", *_NEW_KEY, "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", subject)
        _openssl(self._folder, "x509", "-req", "-in", f"{name}.csr", "-CA", "ca.crt", "-CAkey", "ca.key",
                 "-CAcreateserial", "-days", "30", "-extfile", f"{name}.ext", "-out", f"{name}.crt")
        both = self._folder / f"{name}.pem"
        both.write_text("".join((self._folder / f"{name}.{part}").read_text() for part in ("key", "crt")))
        return both


_NEW_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]


def _openssl(folder: Path, *arguments: str) -> None:
    done = subprocess.run(["openssl", *arguments], cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Failed(f"certificates: openssl {arguments[0]} failed:\n{done.stderr}")
