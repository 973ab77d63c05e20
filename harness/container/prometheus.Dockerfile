# Debian's Prometheus with leakbed's configuration and alert rules (compose.yaml, profile observability).
# Build from the top folder: docker build -f harness/container/prometheus.Dockerfile -t leakbed:prometheus .

# Unpacked, not installed: with its dependencies Debian's package is 430 MB, most of it a Node for the
# scripts of its page. The program needs none; the page's scripts are those named here.
FROM debian:bookworm-slim AS packages
WORKDIR /packages
RUN apt-get update -qq && apt-get download -qq prometheus fonts-glyphicons-halflings libjs-bootstrap4 \
  libjs-d3 libjs-eonasdan-bootstrap-datetimepicker libjs-jquery libjs-jquery-hotkeys libjs-moment \
  libjs-moment-timezone libjs-mustache libjs-popper.js libjs-rickshaw \
  && for package in *.deb; do dpkg-deb --extract "$package" /unpacked; done \
  && rm -rf /unpacked/usr/share/doc /unpacked/usr/bin/promtool \
  && find /unpacked/usr/share/javascript/moment-timezone -type f ! -name '*with-data.min.js' -delete

FROM debian:bookworm-slim
COPY --from=packages /unpacked/usr/bin/ /usr/bin/
COPY --from=packages /unpacked/usr/share/ /usr/share/
COPY harness/container/healthy.sh harness/container/prometheus.sh /usr/local/bin/
COPY harness/observability/prometheus.yml harness/observability/rules.yml /etc/leakbed/
USER 1000:1000
EXPOSE 9090
ENTRYPOINT ["prometheus.sh"]
