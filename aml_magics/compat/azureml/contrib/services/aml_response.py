"""The answer that a scoring script makes itself."""

from aml_magics.workers.replica.rawhttp import AMLResponse as AMLResponse
