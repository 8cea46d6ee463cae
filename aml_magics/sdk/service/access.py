"""How a web service is waited for, read and called."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final, NoReturn

from aml_magics.errors import WebserviceError, described
from aml_magics.records.service import Authentication
from aml_magics.sdk.service.call import call as call_service
from aml_magics.sdk.service.configuration import check_options
from aml_magics.sdk.service.description import WebserviceDescription
from aml_magics.services.service import key as keys
from aml_magics.services.service.log import log
from aml_magics.services.service.waiting import wait

_TOKEN_SECONDS: Final = 12 * 3600
_DEBUGGING: Final = (
    "Tips: You can try get_logs(): https://aka.ms/debugimage#dockerlog or local deployment: "
    "https://aka.ms/debugimage#debug-locally to debug if deployment takes longer than 10 minutes."
)


class WebserviceAccess(WebserviceDescription):
    """Logs, keys, tokens and answers of a service."""

    def wait_for_deployment(
        self, show_output: bool = False, timeout_sec: float | None = None
    ) -> None:
        """Wait until the newest revision answers.

        Args:
            show_output: whether the progress is printed.
            timeout_sec: seconds after which this gives up, and the service goes on.

        Raises:
            ServiceFailedError: it cannot answer; the message says why.
        """
        if timeout_sec is not None:
            check_options({"timeout_sec": timeout_sec})
        if show_output:
            print(_DEBUGGING)
            print("Running", end="", flush=True)
        try:
            self._wait(show_output, timeout_sec)
        except WebserviceError:
            if show_output:
                print("\nFailed")
            raise
        if show_output:
            print("\nSucceeded")
            print(self._finished())

    def _finished(self) -> str:
        return f'{self.compute_type} service creation operation finished, operation "Succeeded"'

    def _wait(self, show_output: bool, timeout: float | None) -> None:
        name = self._now().name

        def say(_text: str) -> None:
            print(".", end="", flush=True)

        wait(
            self._workspace.store,
            name,
            say if show_output else None,
            None if timeout is None else float(timeout),
        )

    def update_deployment_state(self) -> None:
        """Accepted as in Azure: what this object says is read again each time."""
        self._now()

    def get_logs(self, num_lines: int = 5000, init: bool = False) -> str:
        """The last lines that the service printed; with ``init`` those of its start."""
        check_options({"num_lines": num_lines})
        return log(self._workspace.store, self._now(), num_lines, init)

    def run(self, input: object) -> Any:  # noqa: ANN401 -- what the service says; Azure's name
        """Send a request and return the answer; a text is sent as it is, anything else as JSON.

        Raises:
            WebserviceError: it does not answer, or with another status than 200.
        """
        record = self._now()
        deployment = self._deployment()
        key: str | None = None
        if deployment.authentication is Authentication.KEY:
            key = keys.keys(self._workspace.store, record)[0]
        elif deployment.authentication is Authentication.TOKEN:
            key = keys.token(self._workspace.store, record, _TOKEN_SECONDS)
        limits = deployment.limits
        return call_service(record, input, key, limits.scoring + limits.wait + limits.receive)

    def get_keys(self) -> tuple[str, str]:
        """The primary and the secondary key; a caller sends either as ``Authorization: Bearer KEY``."""
        record = self._now()
        if not self.auth_enabled:
            self._refuse_keys("keys")
        primary, secondary = keys.keys(self._workspace.store, record)
        return primary, secondary

    def regen_key(self, key: str, set_key: str | None = None) -> None:
        """Replace a key; the old one is refused from now on.

        Args:
            key: ``Primary`` or ``Secondary``.
            set_key: the new key; a random one if None.
        """
        record = self._now()
        if not self.auth_enabled:
            self._refuse_keys("keys")
        if str(key).lower() not in ("primary", "secondary"):
            raise WebserviceError(
                f"regen_key takes 'Primary' or 'Secondary', not {described(key)}."
            )
        if set_key is not None:
            check_options({f"{key.lower()}_key": set_key})
        keys.regenerate(self._workspace.store, record, key.lower(), set_key)

    def get_token(self) -> tuple[str, datetime]:
        """A token, and when to get the next; a caller sends it as ``Authorization: Bearer TOKEN``."""
        record = self._now()
        if not self.token_auth_enabled:
            self._refuse_keys("tokens")
        token = keys.token(self._workspace.store, record, _TOKEN_SECONDS)
        now = datetime.now(UTC).timestamp()
        return token, datetime.fromtimestamp(now + _TOKEN_SECONDS * 3 / 4, UTC)

    def _refuse_keys(self, what: str) -> NoReturn:
        remedies = {
            Authentication.NONE: "anybody on this machine may call it; service.update(auth_enabled=True) asks for keys",
            Authentication.KEY: "it has keys: service.get_keys()",
            Authentication.TOKEN: "it has tokens: service.get_token()",
        }
        raise WebserviceError(
            f"Service {self.name!r} has no {what}: {remedies[self._deployment().authentication]}."
        )
