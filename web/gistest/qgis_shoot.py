# The pictures of docs/gis.md, drawn by QGIS from a log that runs:
#   bin/server serve --data DIR --sample --open-read
#   QT_QPA_PLATFORM=offscreen python3 web/gistest/qgis_shoot.py http://127.0.0.1:8080/ogc docs/screens
import sys

from qgis.core import (QgsApplication, QgsCategorizedSymbolRenderer, QgsCoordinateReferenceSystem, QgsCoordinateTransform, QgsFillSymbol,
                       QgsLayerTreeModel, QgsLineSymbol, QgsMarkerSymbol, QgsProject, QgsRectangle, QgsRendererCategory,
                       QgsSingleSymbolRenderer, QgsVectorLayer)
from qgis.gui import QgsLayerTreeView, QgsMapCanvas, QgsNewHttpConnection
from qgis.PyQt.QtCore import QEventLoop, QTimer
from qgis.PyQt.QtGui import QColor, QFont
from qgis.PyQt.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QTabWidget, QWidget

base, folder = sys.argv[1:]
app = QgsApplication([], True)
app.initQgis()
app.setFont(QFont("DejaVu Sans", 9))


def connection():
    d = QgsNewHttpConnection(None, QgsNewHttpConnection.ConnectionWfs, "qgis/connections-wfs/", "")
    for name, text in {"txtName": "Intercept Log", "txtUrl": "https://log.example/ogc", "txtUserName": "lind", "txtPassword": "x" * 40, "txtPageSize": "1000"}.items():
        d.findChild(QLineEdit, name).setText(text)
    version = d.findChild(QComboBox, "cmbVersion")
    version.setCurrentIndex(version.findText("OGC API - Features"))
    d.findChild(QTabWidget, "tabAuth").setCurrentWidget(d.findChild(QWidget, "tabBasic"))
    d.resize(620, 560)
    d.show()
    app.processEvents()
    d.grab().save(folder + "/gis-connection.png")


def layer(name, renderer):
    found = QgsVectorLayer("restrictToRequestBBOX='1' typename='%s' url='%s'" % (name, base), name, "OAPIF")
    if not found.isValid():
        sys.exit("%s: %s" % (name, found.error().summary()))
    found.setRenderer(renderer)
    QgsProject.instance().addMapLayer(found, False)
    return found


def chart():
    project = QgsProject.instance()
    project.setCrs(QgsCoordinateReferenceSystem("EPSG:3035"))
    marks = [QgsRendererCategory(value, QgsMarkerSymbol.createSimple({"name": "circle", "color": color, "outline_color": "white", "size": size}), label)
             for value, label, color, size in (("high_risk", "high risk", "#b3261e", "3.6"), ("serious", "serious", "#d98a00", "3.0"), ("near_routine", "near-routine", "#3b7a57", "2.4"))]
    layers = [
        layer("incident_points", QgsCategorizedSymbolRenderer("severity", marks)),
        layer("incident_tracks", QgsSingleSymbolRenderer(QgsLineSymbol.createSimple({"color": "#30506b", "width": "0.6"}))),
        layer("regions", QgsSingleSymbolRenderer(QgsFillSymbol.createSimple({"color": "#dbe7ef", "outline_color": "#7b93a5", "outline_width": "0.3"}))),
    ]
    root = project.layerTreeRoot()
    for one in layers:
        root.addLayer(one)
    tree = QgsLayerTreeView()
    model = QgsLayerTreeModel(root)  # the view does not keep it
    tree.setModel(model)
    tree.setFixedWidth(190)
    canvas = QgsMapCanvas()
    canvas.setCanvasColor(QColor("#fbfaf7"))
    canvas.setDestinationCrs(project.crs())
    canvas.setLayers(layers)
    window = QWidget()
    row = QHBoxLayout(window)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(0)
    row.addWidget(tree)
    row.addWidget(canvas)
    window.resize(1000, 720)
    window.show()
    app.processEvents()
    to = QgsCoordinateTransform(QgsCoordinateReferenceSystem("EPSG:4326"), project.crs(), project)
    canvas.setExtent(to.transformBoundingBox(QgsRectangle(2, 52, 36, 74)))
    drawn = QEventLoop()
    canvas.mapCanvasRefreshed.connect(drawn.quit)
    QTimer.singleShot(20000, drawn.quit)
    canvas.refresh()
    drawn.exec_()
    tree.expandAll()
    app.processEvents()
    window.grab().save(folder + "/gis-map.png")


connection()
chart()
