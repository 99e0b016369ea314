"""What is served where: the API, with the clock and the dice of this process."""

from upheld.api.build import urls
from upheld.api.ports import Ports
from upheld.server.clock import clock, salt

urlpatterns = urls(Ports(clock(), salt))
