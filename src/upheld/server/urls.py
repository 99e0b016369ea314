"""What is served where: the API, with the clock and the dice of this process, where people sign in, and
whether all is well.
"""

import os

from django.urls import path
from django.views.generic import RedirectView

from upheld.api.acknowledge_page import link_urls
from upheld.api.build import BASE, urls
from upheld.api.ports import Ports
from upheld.server import accounts_urls, health
from upheld.server.clock import clock, random_bytes, salt
from upheld.server.environment import SETUP
from upheld.server.metrics import metrics
from upheld.server.rates import rate
from upheld.server.stopping import STOPPING

_PORTS = Ports(clock(), salt, random_bytes, os.environ.get(SETUP, ""), rate(), STOPPING.wait)
urlpatterns = [
    path("", RedirectView.as_view(url=f"/{BASE}docs")),  # whoever opens what a start tells finds something
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("metrics", metrics),
    *accounts_urls.urlpatterns,
    *link_urls(_PORTS),
    *urls(_PORTS),
]
