# Reads the features of a server with QGIS and prints what it found as JSON, for
# the Go test beside it to compare: python3 qgis_reads.py http://host/ogc
import json
import os
import sys

from qgis.core import (QgsApplication, QgsFeatureRequest, QgsProject, QgsCoordinateReferenceSystem,
                       QgsRectangle, QgsVectorLayer, QgsWkbTypes)

url = sys.argv[1]


def layer(name, more=""):
    made = QgsVectorLayer(f"url='{url}' typename='{name}' {more}", name, "OAPIF")
    if not made.isValid():
        sys.exit(f"{name} is not valid: {made.error().message()}")
    return made


def ids(made, request=None):
    return [f.attribute("id") for f in (made.getFeatures(request) if request else made.getFeatures())]


QgsApplication.setPrefixPath("/usr", True)
app = QgsApplication([], False)
app.initQgis()
found = {}
for name in ["incident_points", "incidents", "incident_tracks", "contacts", "lines", "regions", "places"]:
    one = layer(name)
    read = ids(one)
    found[name] = {"geometry": QgsWkbTypes.displayString(one.wkbType()), "crs": one.crs().authid(), "ids": read, "count": one.featureCount()}

points = layer("incident_points")
box = QgsRectangle(10, 54, 25, 60)
found["box"] = ids(layer("incident_points", "restrictToRequestBBOX='1'"), QgsFeatureRequest().setFilterRect(box))
found["paged"] = ids(layer("incident_points", "pageSize='10'"))
found["expression"] = ids(points, QgsFeatureRequest().setFilterExpression("\"severity\" = 'high_risk'"))
subset = layer("incident_points")
found["takes_subset"] = subset.setSubsetString("\"severity\" = 'high_risk' AND \"start_from\" >= '2020-01-01T00:00:00Z'")
found["subset"] = ids(subset)
moved = QgsFeatureRequest().setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:3857"), QgsProject.instance().transformContext()).setLimit(1)
found["mercator"] = [[f.geometry().asPoint().x(), f.geometry().asPoint().y(), f.attribute("id")] for f in points.getFeatures(moved)]
json.dump(found, sys.stdout)
sys.stdout.flush()
os._exit(0)  # exitQgis crashes while layers of this process are still there
